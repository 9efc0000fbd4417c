/* SPDX-License-Identifier: MIT
 *
 * A lesson whose place is not built yet has no row. */

#include "conformance-exchanges.h"

const Lesson conformance_lessons[] = {
    { "chunk size arithmetic, over-long size lines (nginx, libsoup, HAProxy, civetweb)",
      "Refused: Chunk sizes" },
    { "unbounded chunk extensions (Node, Go, Puma)",
      "How much it takes: extensions of a chunk, of a message" },
    { "trailers that overwrite fields (lighttpd, libevent, Tomcat)", "Accepted: Trailers" },
    { "doubled Host, absolute-form of another host (libsoup, nginx)",
      "Refused: Host, Absolute-form, Smuggling: two hosts" },
    { "path tricks (Apache, HAProxy, nginx, civetweb)",
      "Accepted: Paths, tests/format/test-path.c: path_canonicalize_never_leaves_the_root, "
      "tests/app/test-app-routes.c: dot_segments_do_not_get_around_middleware" },
    { "response splitting (libsoup, Node)",
      "tests/app/test-app-answer.c: values_that_split_an_answer_are_never_sent, "
      "tests/http/test-headers.c: headers_refuse_every_control_in_a_value_at_every_place, "
      "tests/format/test-cookie.c: cookie_names_and_values_that_split_a_field_are_refused, "
      "tests/http/test-answer-fields.c: redirect_with_controls_is_never_sent" },
    { "cookies and dates that overflow (libsoup)",
      "tests/format/test-cookie.c: cookie_ages_and_dates_do_not_overflow, "
      "tests/format/test-date.c: cookie_date_bounds_years_and_times, "
      "tests/format/test-cookie.c: cookie_prefixes_hold_what_they_promise" },
    { "ranges (nginx, Apache, libsoup)",
      "tests/http/test-conditional.c: "
      "ranges_that_overlap_or_touch_are_one_in_the_place_of_the_first, "
      "tests/http/test-conditional.c: ranges_over_the_most_are_ignored, "
      "tests/http/test-conditional.c: ranges_beyond_the_end_are_not_satisfiable" },
    { "memory a field (10,000 tiny ones), output that nobody reads (cpp-httplib, Node)",
      "How much it takes: fields, `max-output`, "
      "tests/e2e/test-slow-peers.c: reader_that_takes_too_long_is_reset" },
    { "names that collide in a table (whoever has no keyed hash)",
      "tests/format/test-query.c: query_finds_every_name_among_a_thousand_that_collide" },
    { "busy loops on half-closed peers (Mongoose, lighttpd, civetweb)",
      "tests/engine/test-connection-ending.c: peer_that_half_closes_in_any_state_spins_nothing" },
    { "recycling that leaks one request into the next (Tomcat)",
      "every case behind a good request, "
      "tests/engine/test-connection.c: nothing_of_a_request_is_seen_in_the_next, "
      "tests/e2e/test-lifetimes-data.c: nothing_of_a_request_shows_in_the_next" },
    { "more ready connections than one wait returns (ecewo)",
      "tests/e2e/test-lifetimes-many.c: many_ready_connections_are_all_answered, "
      "tests/e2e/test-lifetimes-many.c: many_ready_pipelines_are_all_answered" },
    { "pipelined bursts answered once, or garbled (ecewo, Kore, libevhtp, lwan)",
      "And answered: Pipelining" },
    { "use after free on disconnect or finish (libsoup, nginx, ecewo)",
      "tests/e2e/test-lifetimes-handles.c: answer_and_reset_may_meet, "
      "tests/e2e/test-lifetimes-handles.c: pending_answer_outlives_its_connection" },
    { "lifetime of referenced buffers (libevent)",
      "tests/net/test-output-queue.c: output_queue_drops_references_when_sent_and_when_cleared, "
      "tests/e2e/test-lifetimes-output.c: reset_lets_waiting_bytes_go" },
    { "trust in proxies (many)",
      "tests/http/test-forwarded.c: forwarded_by_a_stranger_counts_for_nothing, "
      "tests/http/test-forwarded.c: forwarded_reads_no_more_entries_than_its_bound, "
      "tests/http/test-forwarded.c: forwarded_noise_never_moves_what_a_proxy_appended" },
    { "slow clients (all)", "tests/e2e/test-slow-peers.c: slow_clients_make_way_for_others, "
                            "tests/e2e/test-slow-peers.c: head_that_trickles_is_answered_408" },
    { "no descriptors left (libevent)",
      "tests/engine/test-listener.c: listener_rests_without_descriptors_and_recovers" },
};

const guint n_conformance_lessons = G_N_ELEMENTS (conformance_lessons);
