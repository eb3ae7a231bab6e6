-- presenceTerms: the terms that a pass has left in meta; nil before the first pass, and when another
-- version wrote them: the next pass writes them anew.
-- returns a table: text, pollPerPlaceMs, pollNearMs, pollSlowestMs, graceMs, trackedMax, passGapMs; see admit
local function presenceTerms(text)
  local perPlaceMs, nearMs, slowestMs, graceMs, trackedMax, passGapMs =
    string.match(text or "", "^(%S+) (%S+) (%S+) (%S+) (%S+) (%S+)$")
  if not perPlaceMs then
    return nil
  end
  return {
    text = text, pollPerPlaceMs = tonumber(perPlaceMs), pollNearMs = tonumber(nearMs),
    pollSlowestMs = tonumber(slowestMs), graceMs = tonumber(graceMs),
    trackedMax = tonumber(trackedMax), passGapMs = tonumber(passGapMs),
  }
end
