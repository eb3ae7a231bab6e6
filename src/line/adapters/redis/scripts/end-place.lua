-- end-place: end a user's live place for good, if it is not newer than the given one.
-- ARGV[3] user    id
-- ARGV[4] place   the newest place that may end
-- ARGV[5] reason  PAID | LEFT | LAPSED
-- returns "ended" | "absent" | "newer"
-- cost O(log n)
-- @use line
-- @use lobby
-- @use slot
local user, place, reason = ARGV[3], tonumber(ARGV[4]), ARGV[5]
local slot = readSlot(user)
local live = waitingPlace(user) or slot and slot.place
if reason == "PAID" then
  redis.call("SADD", bought, user)
end
if not live then
  return { "absent" }
end
if live > place then
  return { "newer" }
end
endPlace(user, live, reason)
return { "ended" }
