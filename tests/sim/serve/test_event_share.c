/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <math.h>

#include "sim/serve/event_share.h"

Test(event_share, is_a_part_of_the_time_and_what_was_saved) {
  GsEventShare share;
  double skipped_s = 1, now_s = 100;
  gs_event_share_init(&share, now_s);
  cr_expect(gs_event_share_allows(&share, now_s, &skipped_s));
  cr_expect(skipped_s <= 0);
  /* Rest is saved for, but not without end. */
  cr_expect(gs_event_share_allows(&share, now_s += 1000, &skipped_s));
  gs_event_share_spend(&share, now_s, GS_EVENT_SAVED_S * 0.99);
  cr_expect(gs_event_share_allows(&share, now_s, &skipped_s));
  gs_event_share_spend(&share, now_s, GS_EVENT_SAVED_S * 0.02);
  cr_expect(!gs_event_share_allows(&share, now_s, &skipped_s));
  cr_expect(skipped_s <= 0);
  /* It goes on when there is enough, and says for how long it did not. */
  double wait_s = (GS_EVENT_SAVED_S * 0.01 + GS_EVENT_RESUME_S) / GS_EVENT_SHARE;
  cr_expect(!gs_event_share_allows(&share, now_s + wait_s * 0.99, &skipped_s));
  cr_expect(gs_event_share_allows(&share, now_s + wait_s * 1.01, &skipped_s));
  cr_expect(fabs(skipped_s - wait_s * 1.01) < 1e-9);
  cr_expect(gs_event_share_allows(&share, now_s + wait_s * 1.02, &skipped_s));
  cr_expect(skipped_s <= 0, "it is said once");
}

Test(event_share, is_kept_whoever_asks_for_more) {
  GsEventShare share;
  double skipped_s, written_s = 0, said_s = 0, now_s = 0;
  gs_event_share_init(&share, now_s);
  /* A run that would always write: half a millisecond in each. */
  for (; now_s < 100; now_s += 0.001) {
    if (gs_event_share_allows(&share, now_s, &skipped_s)) {
      gs_event_share_spend(&share, now_s, 0.0005);
      written_s += 0.0005;
    }
    said_s += skipped_s;
  }
  cr_expect(written_s <= 100 * GS_EVENT_SHARE + GS_EVENT_SAVED_S + 0.001);
  cr_expect(written_s >= 100 * GS_EVENT_SHARE - GS_EVENT_RESUME_S);
  cr_expect(said_s > 80 && said_s < 100);
}
