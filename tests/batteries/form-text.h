/* SPDX-License-Identifier: MIT
 *
 * Forms in parts for tests, with the boundary "b". Constants. */

#pragma once

#define FORM_TYPE "multipart/form-data; boundary=b"

/* A part: what stands behind "form-data; " in its disposition, further lines, its content. */
#define FORM_PART(disposition, lines, content)                                                     \
    "--b\r\nContent-Disposition: form-data; " disposition "\r\n" lines "\r\n" content "\r\n"
#define FORM_FIELD(name, value) FORM_PART ("name=\"" name "\"", "", value)
#define FORM_FILE(name, filename, content)                                                         \
    FORM_PART ("name=\"" name "\"; filename=\"" filename "\"", "Content-Type: text/plain\r\n",     \
               content)
#define FORM_END "--b--\r\n"
