-- join: give people a place behind everybody, once; many callers in one step, in their order.
-- ARGV[3] opensAtMs  epoch ms; before it nobody new may join
-- ARGV[4] final      "1": only ACTIVE places live on
-- ARGV[5..] users     ids, one a caller
-- returns "joined", figures…, then for each caller: "fresh" | "again" | "not-open" | "over", word, place, number
-- cost O(callers · log n)
-- @use line
-- @use slot
-- @use standing
-- @use figures
local isOpen, isFinal = nowMs >= tonumber(ARGV[3]), ARGV[4] == "1"
local lineEpoch = tonumber(ARGV[1])
local found = {}
for i = 5, #ARGV do
  local user = ARGV[i]
  local word, place, value = standing(user)
  local result = "again"
  if word ~= "active" and (isFinal or word ~= "waiting") then
    if isFinal then
      result = "over"
    elseif not isOpen then
      result = "not-open"
    else
      -- 2^52 + epoch · 2^40 + seq: a counter, never a clock, decides who is first.
      place = 4503599627370496 + lineEpoch * 1099511627776 + redis.call("INCR", seq)
      redis.call("ZADD", waiting, "NX", place, user)
      result, word, value = "fresh", "waiting", redis.call("ZRANK", waiting, user) + 1
    end
  end
  local at = #found
  found[at + 1], found[at + 2], found[at + 3], found[at + 4] = result, word, place, value
end
local reply = head("joined")
for i = 1, #found do
  reply[#reply + 1] = found[i]
end
return reply
