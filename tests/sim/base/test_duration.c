/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <math.h>

#include "core/error.h"
#include "sim/base/duration.h"
#include "sim/scenario/scenario.h"

#define S GS_SECOND_NS

Test(duration, every_unit_is_read) {
  static const struct {
    const char *text;
    int64_t ns;
  } good[] = {
      {"0s", 0},
      {"0d", 0},
      {"7ns", 7},
      {"7us", 7000},
      {"10ms", 10000000},
      {"1.5s", 3 * S / 2},
      {"15min", 900 * S},
      {"24h", 86400 * S},
      {"2d", 172800 * S},
      {"0.25h", 900 * S},
      {"007s", 7 * S},
      {"36525d", GS_TIME_MAX_NS},
      {"3155760000s", GS_TIME_MAX_NS},
      {"3155760000000000000ns", GS_TIME_MAX_NS},
  };
  for (guint i = 0; i < G_N_ELEMENTS(good); i++) {
    int64_t ns = -1;
    GError *error = NULL;
    cr_expect(gs_duration_parse(good[i].text, &ns, &error), "%s", good[i].text);
    cr_expect_null(error);
    cr_expect_eq(ns, good[i].ns, "%s: %ld", good[i].text, (long)ns);
  }
}

Test(duration, fractions_are_exact_and_rounded_to_the_nearest_nanosecond) {
  static const struct {
    const char *text;
    int64_t ns;
  } good[] = {
      {"0.1s", S / 10},
      {"0.4ns", 0},
      {"0.5ns", 1},
      {"1.49999999999999999999999999999999999999ns", 1},
      {"1.5000000000000000000000000000000ns", 2},
      {"0.0000000014999s", 1},
      /* A double has not enough digits for these. */
      {"36524.000000000001s", INT64_C(36524000000000)},
      {"3155759999.999999999s", GS_TIME_MAX_NS - 1},
      {"3155759999.9999999994s", GS_TIME_MAX_NS - 1},
      {"104249991.374000001s", INT64_C(104249991374000001)},
      {"0.0006944444444d", INT64_C(59999999996)},
  };
  for (guint i = 0; i < G_N_ELEMENTS(good); i++) {
    int64_t ns = -1;
    cr_expect(gs_duration_parse(good[i].text, &ns, NULL), "%s", good[i].text);
    cr_expect_eq(ns, good[i].ns, "%s: %ld", good[i].text, (long)ns);
  }
}

Test(duration, what_is_no_duration_is_refused_with_a_reason) {
  static const struct {
    const char *text, *message;
  } bad[] = {
      {"", "\"\" is not a duration; write a number and a unit, such as \"1.5s\""},
      {"s", "\"s\" is not a duration; write a number and a unit, such as \"1.5s\""},
      {"1.s", "\"1.s\" is not a duration; write a number and a unit, such as \"1.5s\""},
      {".5s", "\".5s\" is not a duration; write a number and a unit, such as \"1.5s\""},
      {"+1s", "\"+1s\" is not a duration; write a number and a unit, such as \"1.5s\""},
      {"-1s", "\"-1s\" is negative; a duration is 0 or more"},
      {"12", "\"12\" has no unit; use ns, us, ms, s, min, h or d"},
      {"1 s", "\"1 s\" has an unknown unit; use ns, us, ms, s, min, h or d"},
      {"1S", "\"1S\" has an unknown unit; use ns, us, ms, s, min, h or d"},
      {"1e3s", "\"1e3s\" has an unknown unit; use ns, us, ms, s, min, h or d"},
      {"1.5.5s", "\"1.5.5s\" has an unknown unit; use ns, us, ms, s, min, h or d"},
      {"36525.0000000000001d",
       "\"36525.0000000000001d\" is too long; a duration is at most 100 years (36525d)"},
      {"3155760000000000001ns",
       "\"3155760000000000001ns\" is too long; a duration is at most 100 years (36525d)"},
      {"99999999999999999999999999999999s", "\"99999999999999999999999999999999s\" is too long; a "
                                            "duration is at most 100 years (36525d)"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
    int64_t ns = -7;
    g_autoptr(GError) error = NULL;
    cr_assert_not(gs_duration_parse(bad[i].text, &ns, &error), "%s", bad[i].text);
    cr_expect(g_error_matches(error, GS_ERROR, GS_ERROR_INPUT));
    cr_expect_str_eq(error->message, bad[i].message);
    cr_expect_eq(ns, -7);
  }
}

Test(duration, a_number_is_of_seconds) {
  static const struct {
    double seconds;
    int64_t ns;
  } good[] = {
      {0, 0},
      {0.1, S / 10},
      {1.5, 3 * S / 2},
      {1e-9, 1},
      {4e-10, 0},
      {0.5e-9, 1},
      {1234567.891, INT64_C(1234567891000000)},
      {-0.0, 0},
      {3155760000.0, GS_TIME_MAX_NS},
  };
  int64_t ns = -1;
  for (guint i = 0; i < G_N_ELEMENTS(good); i++) {
    cr_expect(gs_duration_from_seconds(good[i].seconds, &ns, NULL), "%g", good[i].seconds);
    cr_expect_eq(ns, good[i].ns, "%g: %ld", good[i].seconds, (long)ns);
  }
  const double bad[] = {-1e-12, -1, 3155760000.1, 1e300, (double)INFINITY, (double)NAN};
  for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
    g_autoptr(GError) error = NULL;
    cr_expect_not(gs_duration_from_seconds(bad[i], &ns, &error), "%g", bad[i]);
    cr_expect(g_error_matches(error, GS_ERROR, GS_ERROR_INPUT));
  }
}

Test(duration, the_nicest_unit_is_written) {
  static const struct {
    int64_t ns;
    const char *text;
  } good[] = {
      {0, "0s"},
      {1, "1ns"},
      {1500, "1.5us"},
      {250000000, "250ms"},
      {3 * S / 2, "1.5s"},
      {S + 1, "1.000000001s"},
      {60 * S, "1min"},
      {90 * S, "90s"},
      {900 * S, "15min"},
      {5400 * S, "90min"},
      {86400 * S, "1d"},
      {36 * 3600 * S, "36h"},
      {3661 * S + S / 2, "3661.5s"},
      {GS_TIME_MAX_NS, "36525d"},
      {GS_TIME_NEVER, "never"},
      {-3 * S / 2, "-1.5s"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(good); i++) {
    g_autofree char *text = gs_duration_format(good[i].ns);
    cr_expect_str_eq(text, good[i].text);
  }
}

Test(duration, what_is_written_reads_back_as_the_same) {
  uint64_t bits = 1;
  for (int i = 0; i < 20000; i++) {
    bits = bits * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    int64_t ns = (int64_t)((bits >> 2) >> (i % 60)), back = -1;
    ns = MIN(ns, GS_TIME_MAX_NS);
    if (i % 3 == 0)
      ns -= ns % 1000000;
    g_autofree char *text = gs_duration_format(ns);
    cr_assert(gs_duration_parse(text, &back, NULL), "%s", text);
    cr_assert_eq(back, ns, "%s", text);
  }
}
