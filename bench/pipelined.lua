-- SPDX-License-Identifier: MIT
-- Has wrk send sixteen requests at once.
init = function (args)
   local requests = {}
   for i = 1, 16 do
      requests[i] = wrk.format ()
   end
   batch = table.concat (requests)
end

request = function ()
   return batch
end
