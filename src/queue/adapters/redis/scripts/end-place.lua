-- end-place: end a user's live place for good, if it is not newer than the given one.
-- ARGV[3] user    id
-- ARGV[4] place   the newest place that may end
-- ARGV[5] reason  PAID | LEFT | LAPSED
-- returns "ended" | "absent" | "newer"
-- cost O(log n)
-- @use queue
-- @use lobby
-- @use slot
-- @use recovery
local user, place, reason = ARGV[3], tonumber(ARGV[4]), ARGV[5]
local live = livePlace(user)
if reason == "PAID" then
  redis.call("SADD", bought, user)
end
if live and live > place then
  return { "newer" }
end
if live then
  endPlace(user, live, reason)
end
-- What the database knew of him a moment ago may be about to be put back: that is over.
if isPuttingBack() and (endedPlace(user) or 0) < place then
  rememberEnd(user, place, reason)
end
return { live and "ended" or "absent" }
