-- firstPlace: the score of place number 1 of an epoch: 2^52 + epoch · 2^40 + 1.
local function firstPlace(epoch)
  return drawBand + epoch * seqSpan + 1
end
