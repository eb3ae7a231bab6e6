-- saveEnd: keeps the end of a place until the database has it.
-- @use write-member
local function saveEnd(user, place, reason)
  writeMember(user, "HSET", endingKey, user, string.format("%.0f:%s", place, reason))
end
