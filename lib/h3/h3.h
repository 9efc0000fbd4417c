/* SPDX-License-Identifier: MIT
 *
 * All of h3-glib's public face but jansson's twin, <h3/format/json.h>. For users' programs only:
 * no source of the library includes it. */

#pragma once

#include <h3/base/arena.h>
#include <h3/base/error.h>
#include <h3/base/view.h>
#include <h3/format/address.h>
#include <h3/format/authority.h>
#include <h3/format/cookie.h>
#include <h3/format/date.h>
#include <h3/format/json-scan.h>
#include <h3/format/json-writer.h>
#include <h3/format/mime.h>
#include <h3/format/multipart.h>
#include <h3/format/negotiation.h>
#include <h3/format/path.h>
#include <h3/format/percent.h>
#include <h3/format/query.h>
#include <h3/format/url.h>
#include <h3/crypto/base64.h>
#include <h3/crypto/digest.h>
#include <h3/loop/timer.h>
#include <h3/http/answer.h>
#include <h3/http/body.h>
#include <h3/http/conditional.h>
#include <h3/http/content.h>
#include <h3/http/event.h>
#include <h3/http/failure.h>
#include <h3/http/forwarded.h>
#include <h3/http/body.h>
#include <h3/http/event.h>
#include <h3/http/failure.h>
#include <h3/http/limits.h>
#include <h3/http/method.h>
#include <h3/http/ranged-answer.h>
#include <h3/http/request.h>
#include <h3/http/response.h>
#include <h3/http/headers.h>
#include <h3/route/chain.h>
#include <h3/route/route.h>
#include <h3/engine/channel.h>
#include <h3/engine/message.h>
#include <h3/engine/sse.h>
#include <h3/engine/stream.h>
#include <h3/app/app.h>
#include <h3/app/app-cache.h>
#include <h3/app/app-run.h>
#include <h3/app/hooks.h>
#include <h3/app/inject.h>
#include <h3/engine/server.h>
#include <h3/http/timing.h>
#include <h3/http/work.h>
#include <h3/batteries/access-log.h>
#include <h3/batteries/form.h>
#include <h3/batteries/upload.h>
#include <h3/batteries/json-rpc.h>
#include <h3/batteries/server-timing.h>
#include <h3/batteries/static-files.h>
#include <h3/batteries/compression.h>
#include <h3/monitor/memory.h>
