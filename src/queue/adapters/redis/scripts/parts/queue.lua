-- queue: names the keys of a queue, refuses another epoch, and reads the clock once.
-- ARGV[1] epoch  integer, the life of the store that the caller was attached to
-- ARGV[2] nowMs  empty: the store's own clock; a test may give epoch ms
-- returns "stale-epoch"
local epochMark, seq, waiting, lobby, active, slots, aside = unpack(KEYS, 1, 7)
local returned, holding, bought, meta, minute, ending, journal, present = unpack(KEYS, 8, 15)
if redis.call("GET", epochMark) ~= ARGV[1] then
  return { "stale-epoch" }
end
local nowMs = tonumber(ARGV[2])
if not nowMs then
  local time = redis.call("TIME")
  nowMs = time[1] * 1000 + math.floor(time[2] / 1000)
end
