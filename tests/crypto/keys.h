/* SPDX-License-Identifier: MIT
 *
 * Keys that OpenSSL's program wrote, to be read: those of P-256 are one and the same, their
 * passphrase is "secret". */

#pragma once

#define KEY_EC_PARAMETERS_AND_KEY                                                                  \
    "-----BEGIN EC PARAMETERS-----\n"                                                              \
    "BggqhkjOPQMBBw==\n"                                                                           \
    "-----END EC PARAMETERS-----\n"                                                                \
    "-----BEGIN EC PRIVATE KEY-----\n"                                                             \
    "MHcCAQEEIGPbybxZoKin9000RVhbRtw9aIye1H0JSg37TBa78Rk5oAoGCCqGSM49\n"                           \
    "AwEHoUQDQgAE++EG5X7KcGz6xiBjXdjFTK+nx/OE+LeFm/Xcr4flPr3E+5QBQlNM\n"                           \
    "CyewNHHi2Up4Z2wwV/eCcVa6LSo4Uxt4Fg==\n"                                                       \
    "-----END EC PRIVATE KEY-----\n"

#define KEY_EC_ENCRYPTED                                                                           \
    "-----BEGIN EC PRIVATE KEY-----\n"                                                             \
    "Proc-Type: 4,ENCRYPTED\n"                                                                     \
    "DEK-Info: AES-128-CBC,056218FFE1F93FFDC5EE4146E1EE0E3B\n"                                     \
    "\n"                                                                                           \
    "s2YdGL2/fxMk8FSwJeTGm3xAsm3nR32g9GvYK3e8iiP5400C05gsDR3N8axpsgtr\n"                           \
    "pX1b2Mz7QXLBIQVqQ+DDBsU2dqW+0Ups+S18WDdhMuUlvXsxNCOvsQygaYFnrjPh\n"                           \
    "sUcq20Vz1dYxqTu3noTxTWpMvbmBDzsCx0v034mzis4=\n"                                               \
    "-----END EC PRIVATE KEY-----\n"

#define KEY_EC_PKCS8                                                                               \
    "-----BEGIN PRIVATE KEY-----\n"                                                                \
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgY9vJvFmgqKf3TTRF\n"                           \
    "WFtG3D1ojJ7UfQlKDftMFrvxGTmhRANCAAT74QblfspwbPrGIGNd2MVMr6fH84T4\n"                           \
    "t4Wb9dyvh+U+vcT7lAFCU0wLJ7A0ceLZSnhnbDBX94JxVrotKjhTG3gW\n"                                   \
    "-----END PRIVATE KEY-----\n"

#define KEY_EC_PKCS8_ENCRYPTED                                                                     \
    "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"                                                      \
    "MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAjxjDuZROq7pgICCAAw\n"                           \
    "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEHDM1EQomWDuuA3MEG6eM0UEgZD+\n"                           \
    "U6UC3gcq6B/ynqQ9fcWfdp4Qwqr+KSeMvC58A5dwqWMwTdXCY/j5Vn1hANhSPp+k\n"                           \
    "nF9iNjFXxFfyP+4uZmxRVtRRc7EIiDwblfeMHg0PAA/uyZqMfKRj10KRxmfvJsqh\n"                           \
    "yLRgQHmgXqnAf7IuvN5j3vByBbUmTnKN2OEHX7nbfPMos+Nzwvuh1tfpsDFTn5k=\n"                           \
    "-----END ENCRYPTED PRIVATE KEY-----\n"

#define KEY_EC_PUBLIC                                                                              \
    "-----BEGIN PUBLIC KEY-----\n"                                                                 \
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE++EG5X7KcGz6xiBjXdjFTK+nx/OE\n"                           \
    "+LeFm/Xcr4flPr3E+5QBQlNMCyewNHHi2Up4Z2wwV/eCcVa6LSo4Uxt4Fg==\n"                               \
    "-----END PUBLIC KEY-----\n"

#define KEY_EC_EXPLICIT                                                                            \
    "-----BEGIN EC PRIVATE KEY-----\n"                                                             \
    "MIIBaAIBAQQgY9vJvFmgqKf3TTRFWFtG3D1ojJ7UfQlKDftMFrvxGTmggfowgfcC\n"                           \
    "AQEwLAYHKoZIzj0BAQIhAP////8AAAABAAAAAAAAAAAAAAAA////////////////\n"                           \
    "MFsEIP////8AAAABAAAAAAAAAAAAAAAA///////////////8BCBaxjXYqjqT57Pr\n"                           \
    "vVV2mIa8ZR0GsMxTsPY7zjw+J9JgSwMVAMSdNgiG5wSTamZ44ROdJreBn36QBEEE\n"                           \
    "axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54W\n"                           \
    "K84zV2sxXs7LtkBoN79R9QIhAP////8AAAAA//////////+85vqtpxeehPO5ysL8\n"                           \
    "YyVRAgEBoUQDQgAE++EG5X7KcGz6xiBjXdjFTK+nx/OE+LeFm/Xcr4flPr3E+5QB\n"                           \
    "QlNMCyewNHHi2Up4Z2wwV/eCcVa6LSo4Uxt4Fg==\n"                                                   \
    "-----END EC PRIVATE KEY-----\n"

#define KEY_SECP256K1                                                                              \
    "-----BEGIN EC PRIVATE KEY-----\n"                                                             \
    "MHQCAQEEIDsCP9BAF0wp64PMB7Ejn3BwTlUW8SMwzDlGdb4HPMyroAcGBSuBBAAK\n"                           \
    "oUQDQgAEWJFh3YIYAEZsmwKpy8kyb4mmAgecILQNwapaqEvjLWRinWGr2cifcCS0\n"                           \
    "5UfSXDaIRYQlsS/GuuYH7kJOvW4tUA==\n"                                                           \
    "-----END EC PRIVATE KEY-----\n"

#define KEY_RSA_1024                                                                               \
    "-----BEGIN PUBLIC KEY-----\n"                                                                 \
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQClExx+DCTH2Tv6XVl1IbpgLz7Q\n"                           \
    "GOwohb2X/ljtfTMbwaex8Gb6NzuLSVkD6UOsvApATj+CiWTaVdkgY/wUTzz7KmVe\n"                           \
    "e7rh4+Jt/Jp5MmxPL62CpFIXH2wb1b7oXdZGmMxwnY6AKTMqqAD27jRRVb0Y4n7C\n"                           \
    "w+nQTrvwZR+WQXEvHQIDAQAB\n"                                                                   \
    "-----END PUBLIC KEY-----\n"

#define KEY_X25519                                                                                 \
    "-----BEGIN PRIVATE KEY-----\n"                                                                \
    "MC4CAQAwBQYDK2VuBCIEIJhXKAUnRiNifRIMoL0t6TKfdaLOHw5gTASAStKs6aJC\n"                           \
    "-----END PRIVATE KEY-----\n"

#define KEY_ED25519                                                                                \
    "-----BEGIN PRIVATE KEY-----\n"                                                                \
    "MC4CAQAwBQYDK2VwBCIEIKcy2iy9eR7aNiY6b0QLm7Oa18POU/bNMERxa8HzsHBp\n"                           \
    "-----END PRIVATE KEY-----\n"

#define KEY_RSA_PUBLIC                                                                             \
    "-----BEGIN RSA PUBLIC KEY-----\n"                                                             \
    "MIIBCgKCAQEAwc+dsZ+UvoxNAQc4zpR+pdc/+DxZJxA8t0ll6SLi+yf6/rHW8fZB\n"                           \
    "JcrwpdRorR1PWy6LiCW3UMuzB4BjuAVXFqrLgSxXNVG5gs0byoNRL+zWjcj7Ykrk\n"                           \
    "wiX9cWf5SrWfCyF3r8C/ba1ikYaepfhs//C2kwElOh1LiuVIVe6XGzxQTMRTUT0v\n"                           \
    "TWDaoxt7UrtkmiNAbVRj8B5emx5MI6++IAUM8N94PyFPmGTqajODyvmtqhZI84xS\n"                           \
    "Jr6tQborxumviYEfTEYbHRVfTE9Hy2uOuxsj2Yzs8BVBx1s0InfVkNszhrzUyFcV\n"                           \
    "AN59M40XMEKImjjhMRrPyuq3E8I6Kjoe5QIDAQAB\n"                                                   \
    "-----END RSA PUBLIC KEY-----\n"
