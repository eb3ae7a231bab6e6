-- countHolding: how many ACTIVE users have a slot that a lasting hold carries.
local function countHolding(nowMs)
  return redis.call("ZCOUNT", holdingKey, "(" .. string.format("%.0f", nowMs), "+inf")
end
