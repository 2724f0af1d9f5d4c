/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <locale.h>

#include "sim/cli/cli.h"

int main(int argc, char **argv) {
  /* Only how characters are written: numbers stay those of JSON. */
  setlocale(LC_CTYPE, "");
  return gs_cli_main(argc, argv);
}
