/* SPDX-License-Identifier: MIT
 *
 * Certificates that OpenSSL's program made, valid from November 2026 for a hundred years: a root,
 * one it vouches for that may vouch for others, and those of "common.example". */

#pragma once

#define CERTIFICATE_ROOT                                                                           \
    "-----BEGIN CERTIFICATE-----\n"                                                                \
    "MIIBgjCCASigAwIBAgIUbHZ2U5DKXGh6LyEG6ber/CDRtRQwCgYIKoZIzj0EAwIw\n"                           \
    "HjENMAsGA1UECgwEVGVzdDENMAsGA1UEAwwEUm9vdDAgFw0yNjExMjExODU2MDZa\n"                           \
    "GA8yMTI2MTAyODE4NTYwNlowHjENMAsGA1UECgwEVGVzdDENMAsGA1UEAwwEUm9v\n"                           \
    "dDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABK5p1v3HqKmpTYeSG0MfTmp9MzEG\n"                           \
    "kMWO+OnkNmqzknrG5QC8XHDiMZZl6gMwShUZ05Ym9PFtaRe5Cidn3q40k8CjQjBA\n"                           \
    "MA8GA1UdEwEB/wQFMAMBAf8wDgYDVR0PAQH/BAQDAgIEMB0GA1UdDgQWBBTXIsYU\n"                           \
    "6ex2w5wYd9qbMifSQmdwdzAKBggqhkjOPQQDAgNIADBFAiBO1QEkE9dc81v0P2nV\n"                           \
    "oBECYySTPOS6MvurHyaFbycIiAIhAPetp7Nh0jqgqU2XGq6walLNKf9Wq45uso6G\n"                           \
    "EOQDtZuB\n"                                                                                   \
    "-----END CERTIFICATE-----\n"

#define CERTIFICATE_MIDDLE                                                                         \
    "-----BEGIN CERTIFICATE-----\n"                                                                \
    "MIIBkjCCATigAwIBAgIBAjAKBggqhkjOPQQDAjAeMQ0wCwYDVQQKDARUZXN0MQ0w\n"                           \
    "CwYDVQQDDARSb290MCAXDTI2MTEyMTE4NTYwNloYDzIxMjYxMDI4MTg1NjA2WjAg\n"                           \
    "MQ0wCwYDVQQKDARUZXN0MQ8wDQYDVQQDDAZNaWRkbGUwWTATBgcqhkjOPQIBBggq\n"                           \
    "hkjOPQMBBwNCAASCDL6hAXO0iVFhpAb0E/qfPeBGB827JkhTpN8LOTIRQ2fFpXxb\n"                           \
    "kO774w2PVqICM7eqzKIn/wve84Ghez5Fqhqpo2MwYTAPBgNVHRMBAf8EBTADAQH/\n"                           \
    "MA4GA1UdDwEB/wQEAwICBDAdBgNVHQ4EFgQUsd//ZBThru8s1vmhPHipC3fIbmow\n"                           \
    "HwYDVR0jBBgwFoAU1yLGFOnsdsOcGHfamzIn0kJncHcwCgYIKoZIzj0EAwIDSAAw\n"                           \
    "RQIgb3S6seuneeqBte6qSBCvX0LedpUYNWszZxBtstbJOA8CIQDNTEoPoFBlLPV5\n"                           \
    "vAkBEBO2GQqlOVu4qEXk1rF/SS0NuA==\n"                                                           \
    "-----END CERTIFICATE-----\n"

#define CERTIFICATE_LEAF                                                                           \
    "-----BEGIN CERTIFICATE-----\n"                                                                \
    "MIICUzCCAfigAwIBAgICHwAwCgYIKoZIzj0EAwIwIDENMAsGA1UECgwEVGVzdDEP\n"                           \
    "MA0GA1UEAwwGTWlkZGxlMCAXDTI2MTEyMTE4NTYwNloYDzIxMjYxMDI4MTg1NjA2\n"                           \
    "WjA5MQswCQYDVQQGEwJDSDERMA8GA1UECgwIU29tZSwgQ28xFzAVBgNVBAMMDmNv\n"                           \
    "bW1vbi5leGFtcGxlMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEjyr2VAYVcs5J\n"                           \
    "MD1e3GB8PVoL/OGkJ2LfwcLvKP96iLrfYvjVFs8Qvf+xJIpwLQbbXGvGfjdmi4dr\n"                           \
    "2MSlSkv2oaOCAQUwggEBMAwGA1UdEwEB/wQCMAAwgZsGA1UdEQSBkzCBkIIJYS5l\n"                           \
    "eGFtcGxlggsqLmIuZXhhbXBsZYIMZiouYy5leGFtcGxlggUqLmNvbYIVeG4tLWJj\n"                           \
    "aGVyLWt2YS5leGFtcGxlggtkLiouZXhhbXBsZYcEwAACAYcQIAENuAAAAAAAAAAA\n"                           \
    "AAAAAYERc29tZW9uZUBhLmV4YW1wbGWGEmh0dHBzOi8vdS5leGFtcGxlLzATBgNV\n"                           \
    "HSUEDDAKBggrBgEFBQcDATAdBgNVHQ4EFgQUjrFCQSe1p6ns6pN+8G9COQaVBfEw\n"                           \
    "HwYDVR0jBBgwFoAUsd//ZBThru8s1vmhPHipC3fIbmowCgYIKoZIzj0EAwIDSQAw\n"                           \
    "RgIhANeWNkfVZZau6uGjA3l637uSWXG68Vr12wNwmne6nLKgAiEA+re5sbW7n2pz\n"                           \
    "4gTB3zy0utCmJCTpZcobVmySrz/zVnA=\n"                                                           \
    "-----END CERTIFICATE-----\n"

#define CERTIFICATE_SHA1                                                                           \
    "-----BEGIN CERTIFICATE-----\n"                                                                \
    "MIICTTCCAfSgAwIBAgIBBDAJBgcqhkjOPQQBMB4xDTALBgNVBAoMBFRlc3QxDTAL\n"                           \
    "BgNVBAMMBFJvb3QwIBcNMjYxMTIxMTg1NjA2WhgPMjEyNjEwMjgxODU2MDZaMDkx\n"                           \
    "CzAJBgNVBAYTAkNIMREwDwYDVQQKDAhTb21lLCBDbzEXMBUGA1UEAwwOY29tbW9u\n"                           \
    "LmV4YW1wbGUwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASPKvZUBhVyzkkwPV7c\n"                           \
    "YHw9Wgv84aQnYt/Bwu8o/3qIut9i+NUWzxC9/7EkinAtBttca8Z+N2aLh2vYxKVK\n"                           \
    "S/aho4IBBTCCAQEwDAYDVR0TAQH/BAIwADCBmwYDVR0RBIGTMIGQgglhLmV4YW1w\n"                           \
    "bGWCCyouYi5leGFtcGxlggxmKi5jLmV4YW1wbGWCBSouY29tghV4bi0tYmNoZXIt\n"                           \
    "a3ZhLmV4YW1wbGWCC2QuKi5leGFtcGxlhwTAAAIBhxAgAQ24AAAAAAAAAAAAAAAB\n"                           \
    "gRFzb21lb25lQGEuZXhhbXBsZYYSaHR0cHM6Ly91LmV4YW1wbGUvMBMGA1UdJQQM\n"                           \
    "MAoGCCsGAQUFBwMBMB0GA1UdDgQWBBSOsUJBJ7Wnqezqk37wb0I5BpUF8TAfBgNV\n"                           \
    "HSMEGDAWgBTXIsYU6ex2w5wYd9qbMifSQmdwdzAJBgcqhkjOPQQBA0gAMEUCIHvx\n"                           \
    "sSn/ukeXqWWUKiYYTJGDFOraKWlaHe7wNopJ+5UkAiEAxfvbx9HEEnEDlFtj2YIk\n"                           \
    "U6Qd0lWE8jOd0U/98TpkMeI=\n"                                                                   \
    "-----END CERTIFICATE-----\n"

#define CERTIFICATE_NUL                                                                            \
    "-----BEGIN CERTIFICATE-----\n"                                                                \
    "MIIBqTCCAU+gAwIBAgIBBTAKBggqhkjOPQQDAjAeMQ0wCwYDVQQKDARUZXN0MQ0w\n"                           \
    "CwYDVQQDDARSb290MCAXDTI2MTEyMTE4NTYwNloYDzIxMjYxMDI4MTg1NjA2WjA5\n"                           \
    "MQswCQYDVQQGEwJDSDERMA8GA1UECgwIU29tZSwgQ28xFzAVBgNVBAMMDmNvbW1v\n"                           \
    "bi5leGFtcGxlMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEjyr2VAYVcs5JMD1e\n"                           \
    "3GB8PVoL/OGkJ2LfwcLvKP96iLrfYvjVFs8Qvf+xJIpwLQbbXGvGfjdmi4dr2MSl\n"                           \
    "Skv2oaNhMF8wHQYDVR0RBBYwFIISYS5leGFtcGxlAC5ldmlsLmV4MB0GA1UdDgQW\n"                           \
    "BBSOsUJBJ7Wnqezqk37wb0I5BpUF8TAfBgNVHSMEGDAWgBTXIsYU6ex2w5wYd9qb\n"                           \
    "MifSQmdwdzAKBggqhkjOPQQDAgNIADBFAiEA0+2Lq5ZX3nu3RvIK2jXbNVoJfvkf\n"                           \
    "mZnMAylQN64X4s0CIDuATGckTqvkVd0f2sAi5bwRsTOAk9axlvxaWoskIi6s\n"                               \
    "-----END CERTIFICATE-----\n"

#define CERTIFICATE_NAMELESS                                                                       \
    "-----BEGIN CERTIFICATE-----\n"                                                                \
    "MIIBmTCCAT6gAwIBAgIBBTAKBggqhkjOPQQDAjAeMQ0wCwYDVQQKDARUZXN0MQ0w\n"                           \
    "CwYDVQQDDARSb290MCAXDTI2MTEyMTE4NTYwN1oYDzIxMjYxMDI4MTg1NjA3WjA5\n"                           \
    "MQswCQYDVQQGEwJDSDERMA8GA1UECgwIU29tZSwgQ28xFzAVBgNVBAMMDmNvbW1v\n"                           \
    "bi5leGFtcGxlMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEjyr2VAYVcs5JMD1e\n"                           \
    "3GB8PVoL/OGkJ2LfwcLvKP96iLrfYvjVFs8Qvf+xJIpwLQbbXGvGfjdmi4dr2MSl\n"                           \
    "Skv2oaNQME4wDAYDVR0TAQH/BAIwADAdBgNVHQ4EFgQUjrFCQSe1p6ns6pN+8G9C\n"                           \
    "OQaVBfEwHwYDVR0jBBgwFoAU1yLGFOnsdsOcGHfamzIn0kJncHcwCgYIKoZIzj0E\n"                           \
    "AwIDSQAwRgIhAIkVMyPHMcytUAqBULfmRv/jaHG/fu8GrqqL6IQlywgqAiEAtLg3\n"                           \
    "X8JhcLO+SRBqnKbNp9IsdaJrdO240RMG4qbNz3s=\n"                                                   \
    "-----END CERTIFICATE-----\n"

#define CERTIFICATE_SMALL                                                                          \
    "-----BEGIN CERTIFICATE-----\n"                                                                \
    "MIICcjCCAhegAwIBAgIBBjAKBggqhkjOPQQDAjAeMQ0wCwYDVQQKDARUZXN0MQ0w\n"                           \
    "CwYDVQQDDARSb290MCAXDTI2MTEyMTE4NTYwN1oYDzIxMjYxMDI4MTg1NjA3WjAU\n"                           \
    "MRIwEAYDVQQDDAlhLmV4YW1wbGUwgZ8wDQYJKoZIhvcNAQEBBQADgY0AMIGJAoGB\n"                           \
    "ANiug3PB6BR8nxMFi51SjqXYrzRYod1IjHD7CFYtoehbHRJN2zfdLrgX+HxzuZLT\n"                           \
    "co/kU+x4u2yK/StluNigRk1qQ0HWzSRhfmSqA2Q6QXzhZg+jA/difwT6oa6Fu5a0\n"                           \
    "wjS+QsIG6QNMF5D5AyNaATtrrQpMO9UPG09aE+o8bTb5AgMBAAGjggEFMIIBATAM\n"                           \
    "BgNVHRMBAf8EAjAAMIGbBgNVHREEgZMwgZCCCWEuZXhhbXBsZYILKi5iLmV4YW1w\n"                           \
    "bGWCDGYqLmMuZXhhbXBsZYIFKi5jb22CFXhuLS1iY2hlci1rdmEuZXhhbXBsZYIL\n"                           \
    "ZC4qLmV4YW1wbGWHBMAAAgGHECABDbgAAAAAAAAAAAAAAAGBEXNvbWVvbmVAYS5l\n"                           \
    "eGFtcGxlhhJodHRwczovL3UuZXhhbXBsZS8wEwYDVR0lBAwwCgYIKwYBBQUHAwEw\n"                           \
    "HQYDVR0OBBYEFFJgsjW4tk94BHeUpv+QccRRy9bDMB8GA1UdIwQYMBaAFNcixhTp\n"                           \
    "7HbDnBh32psyJ9JCZ3B3MAoGCCqGSM49BAMCA0kAMEYCIQDijbFCXyzgBotrpZhE\n"                           \
    "9sujfQNGKNN7PnoexS9DtXxe4AIhAPWuZyrRgEmNtAiMPupYXEj6HNqLrVetHm54\n"                           \
    "OSHnAJ2s\n"                                                                                   \
    "-----END CERTIFICATE-----\n"
