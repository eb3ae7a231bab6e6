-- glance: whether places may act now, and what their people have; many callers in one step.
-- ARGV[3..] callers  user and place of each
-- returns "glanced", then for each caller: "active", "unknown", "ended", "not-active" or
--   "spared", holding (0 or 1), bought (0 or 1)
-- cost O(callers · log n)
-- @use queue
-- @use lobby
-- @use slot
-- @use recovery
-- @use presence
-- @use lapse
-- @use place-status
-- @use turn
local reply = { "glanced" }
for i = 3, #ARGV, 2 do
  local word, slot = turnOf(ARGV[i], tonumber(ARGV[i + 1]))
  local holds, owns = 0, 0
  if slot then
    holds, owns = slot.hold > nowMs and 1 or 0, redis.call("SISMEMBER", bought, ARGV[i])
  end
  reply[#reply + 1] = word
  reply[#reply + 1] = holds
  reply[#reply + 1] = owns
end
return reply
