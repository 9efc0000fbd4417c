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

#define KEY_RSA                                                                                    \
    "-----BEGIN PRIVATE KEY-----\n"                                                                \
    "MIIEvAIBADANBgkqhkiG9w0BAQEFAASCBKYwggSiAgEAAoIBAQDBz52xn5S+jE0B\n"                           \
    "BzjOlH6l1z/4PFknEDy3SWXpIuL7J/r+sdbx9kElyvCl1GitHU9bLouIJbdQy7MH\n"                           \
    "gGO4BVcWqsuBLFc1UbmCzRvKg1Ev7NaNyPtiSuTCJf1xZ/lKtZ8LIXevwL9trWKR\n"                           \
    "hp6l+Gz/8LaTASU6HUuK5UhV7pcbPFBMxFNRPS9NYNqjG3tSu2SaI0BtVGPwHl6b\n"                           \
    "Hkwjr74gBQzw33g/IU+YZOpqM4PK+a2qFkjzjFImvq1BuivG6a+JgR9MRhsdFV9M\n"                           \
    "T0fLa467GyPZjOzwFUHHWzQid9WQ2zOGvNTIVxUA3n0zjRcwQoiaOOExGs/K6rcT\n"                           \
    "wjoqOh7lAgMBAAECggEAD76aBO/92Wz0ZHz9tGqDz10pKTVd2LqM9CbWTJY08kpR\n"                           \
    "LZes6oMiz7soyY/z4Pxckf+5/hlyRvIFXTqk3zIv3PuLBLdhbkdxVprrAwyf79DB\n"                           \
    "rUsCgP2sj8keSbQ0oEkY3oKdgn2aD4LiWwggo0MHN9OKQW76Yzo2BNaThceYJvIf\n"                           \
    "MXK7vtm5jBivvxuT5WSl8rZfP8szmzndRwSc5r/0gdnOzyqPUNJF8S62K8Jmt2pJ\n"                           \
    "9nTzi086dvk37sQHVEQ0rgi+MxJPfipgdXsLVYK1UHZqBrUb5d6lWqaRbZX8j2DF\n"                           \
    "BU37R4GOyxNiWsj48REPiK90b/vOOgP6sLbo5RUTgQKBgQDi6T4oFqF1k76GZ2BN\n"                           \
    "lZNOZc0OxUbFavdcAFKybNwvQNuoLGdYxva37NY9egJIvo7Uk126etjvdbzLvOyW\n"                           \
    "WTY1uJ+IMyspwxuD+FZQwr4pmxUQWkyc/HCi8nqGrAcXVo8kn5iuAwK0ATkVK4B0\n"                           \
    "ZGVTSoge/W6bephKG/VycKFGeQKBgQDaqBh6x7Zw7zBH7wV37yNPW/FQtfnWX5N2\n"                           \
    "u8lL2TalrEYFIRwREuvCAqeEnv+uXPVDm3xCSy0MnHFL4bQYNAXAGnpLU40RQabV\n"                           \
    "X1gh5fViqiJsHD1NTuFvpZEL5HwuGhzqpNVD7zf+ryUMkTe7gnzRmNO1uhqxDXmg\n"                           \
    "3ZCxm04wzQKBgApmno6/2s7E4urOOj/UJ1hkmi2fJUtPR99TtHaxPrZ7xpXC00ni\n"                           \
    "dNShaoCO4yPqeCmOR7GQh/kR8IF2O3H4zN9Rgx5/Ge9kHhLCg1JYWtcVYLXLLc/U\n"                           \
    "UmVlr/AUWo7bTNxk5F61jJ4roC40PEMZhvt2Yx7ohvVhfTGIbou8VeghAoGAFrQ/\n"                           \
    "nnggTIe5lq6N/c8Z9oKQgxXyND1GXZzQIQ0T7I3/00aF2IwDaOjHpjCwUdWbLgL2\n"                           \
    "GxgdPGL+LKfqAF1ef30AV9P8IN+VSDCXQSXUngMWge1IvD9Fj0c80WRPNKZHfGHT\n"                           \
    "NzOet9ZN3YkypUi+VzEsQoFphhrlFzwKaza6Hr0CgYB6NtriMxvDemJM2LP8Cw1E\n"                           \
    "3cPLWSOa+MZtMJdCzrGgg2S6PvUkHYNfIlc/DXbdlFpf/ZfxuHcxXvvsXdjKFYMQ\n"                           \
    "dHRhfZR9qSHUD5I7sSY5d0P37Mi8bHjpL3aCIJ0zuUAOpv+UbuDSXcMUzphQv4U7\n"                           \
    "gEytiFry6jCKUqvGjOezZA==\n"                                                                   \
    "-----END PRIVATE KEY-----\n"

#define KEY_RSA_OTHER_PUBLIC                                                                       \
    "-----BEGIN PUBLIC KEY-----\n"                                                                 \
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAriPLjF//X+KQUXMM6Q/q\n"                           \
    "dliH5SCHRuR9RjGOq/My2SzFHhnFN4KQcxgM5nsw50xHRb6kvpx6UV1aVM4oMlxk\n"                           \
    "SYhlkCmZevX5BjOl+tpdASz8R5LIMFi5QrbFz3BDmmVghfkPYaYkM8HRbjRlEZ8+\n"                           \
    "gIF76Q2Dh5DgM9mUsSRMGlbiHUaN35WsIinLKxgO7F4Y5/OdRqPmyMPQJFGRP3eY\n"                           \
    "XeVe5bSn5Od+meggW2n1guaDhBytop6TubL8A3BmZC9o+MP0l4WHHzFLNnBL3GEZ\n"                           \
    "aztIYICaH6Vt2HLsoFnCPkbuLfQ6pVm6qaA7dnulXC1jSQpHOduebEJcP4hMVPu4\n"                           \
    "ewIDAQAB\n"                                                                                   \
    "-----END PUBLIC KEY-----\n"
