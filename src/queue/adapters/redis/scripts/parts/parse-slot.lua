-- parseSlot: a slot from the text that saveSlot writes; nil: there is none. See getSlot for the fields.
local function parseSlot(text)
  if not text then
    return nil
  end
  local state, place, lastPosition, secondChanceUsed, claimByMs, sessionUntilMs, holdUntilMs,
    reservation, rest =
    string.match(text, "^(%a)(%d+):(%d+):(%d+):(%d+):(%d+):(%d+):([^:]*)(.*)$")
  local isLong = rest ~= ""
  return {
    state = state, place = tonumber(place), lastPosition = tonumber(lastPosition),
    secondChanceUsed = tonumber(secondChanceUsed), claimByMs = tonumber(claimByMs),
    sessionUntilMs = tonumber(sessionUntilMs), holdUntilMs = tonumber(holdUntilMs),
    reservation = reservation,
    inFlight = isLong and tonumber(string.match(rest, "^:#(%d+)")) or 0,
    idleUntilMs = isLong and tonumber(string.match(rest, ":(%d+)$")) or 0,
  }
end
