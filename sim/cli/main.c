/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <locale.h>

#include "sim/cli/cli.h"
#include "sim/cli/last_net.h"

int main(int argc, char **argv) {
  /* Only how characters are written: numbers stay those of JSON. */
  setlocale(LC_CTYPE, "");
  gs_last_net_set();
  return gs_cli_main(argc, argv);
}
