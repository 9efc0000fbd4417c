/* SPDX-License-Identifier: MIT
 *
 * Where the libraries lie in memory. Found out before there are threads and then only read, for a
 * child between fork () and execve () asks too, and must not wait for the loader's lock. */

#define _GNU_SOURCE

#include "fault.h"

#include <dlfcn.h>
#include <link.h>
#include <stdint.h>
#include <string.h>

#define MAX_PARTS 32

static struct {
    uintptr_t start, end;
} parts[MAX_PARTS];
static unsigned n_parts;
static void *c_library;

static bool
is_name_of_glib (const char *path)
{
    return strstr (path, "/libglib-2.0.so") != NULL || strstr (path, "/libgobject-2.0.so") != NULL
           || strstr (path, "/libgio-2.0.so") != NULL;
}

static int
note_library (struct dl_phdr_info *library, size_t size, void *nothing)
{
    (void) size;
    (void) nothing;
    if (!is_name_of_glib (library->dlpi_name))
        return 0;
    for (unsigned i = 0; i < library->dlpi_phnum && n_parts < MAX_PARTS; i++) {
        const ElfW (Phdr) *header = &library->dlpi_phdr[i];

        if (header->p_type != PT_LOAD)
            continue;
        parts[n_parts].start = library->dlpi_addr + header->p_vaddr;
        parts[n_parts].end = parts[n_parts].start + header->p_memsz;
        n_parts++;
    }
    return 0;
}

__attribute__ ((constructor)) static void
find_libraries (void)
{
    c_library = dlopen ("libc.so.6", RTLD_LAZY | RTLD_NOLOAD);
    (void) dl_iterate_phdr (note_library, NULL);
}

bool
fault_is_of_glib (const void *code)
{
    for (unsigned i = 0; i < n_parts; i++)
        if ((uintptr_t) code >= parts[i].start && (uintptr_t) code < parts[i].end)
            return true;
    return false;
}

void *
fault_get_c_library (void)
{
    return c_library != NULL ? c_library : RTLD_NEXT;
}
