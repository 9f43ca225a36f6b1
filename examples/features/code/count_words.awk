# Words that are there at least `least` times, in the order in which they were first seen, to the file `to`.
{
  for (i = 1; i <= NF; i++) {
    if (!($i in seen)) order[++many] = $i
    seen[$i]++
  }
}
END {
  print "word,times" > to
  for (i = 1; i <= many; i++) if (seen[order[i]] >= least) print order[i] "," seen[order[i]] > to
}
