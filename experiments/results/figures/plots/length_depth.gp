# Median test accuracy by sentence length and keyword depth, a panel a model, the number in each
# cell. Reads length_depth.csv.
#   models[]; lows[], lengths[]: columns; depths[]: rows, from the top
load 'plots/style.gp'
# Each step is darker than the one before in grey print, too (ColorBrewer's Blues).
set palette defined (0 '#f7fbff', 20 '#d2e3f3', 40 '#9ac8e1', 60 '#5ba3d0', 80 '#2166ac', \
    100 '#08306b')
set cbrange [0:100]
unset colorbox
unset grid
set border 0
set tics scale 0
across = 864.0 / |models|
set xrange [0.5:|lows| + 0.5]
set yrange [|depths| + 0.5:0.5]
column_at(v) = sum [i = 1:|lows|] (lows[i] == v ? i : 0)
row_at(v) = sum [i = 1:|depths|] (depths[i] == v ? i : 0)
set xtics () noenhanced
set ytics ()
do for [i = 1:|lows|] { set xtics add ('' i) }
do for [i = 1:|depths|] { set ytics add (sprintf('%g', depths[i]) i) }
set table $cells separator comma
do for [m = 1:|models|] {
  plot data . 'length_depth.csv' using (m):(column_at(column('min_length'))):\
      (row_at(column('keyword_depth'))):(column('median')) with table \
      if (strcol('model') eq models[m])
}
unset table
set label 3 'keyword depth' at screen px(22), graph 0.5 center rotate by 90
set multiplot
do for [m = 1:|models|] {
  eval frame(76 + (m - 1) * across, 76 + m * across - 16, 84, 540)
  set label 2 'words' at graph 0.5, screen py(582) center
  set label 4 models[m] at graph 0.5, screen py(68) center noenhanced
  do for [i = 1:|lows|] {
    set label 100 + i lengths[i] at i, graph 0 center offset 0, -1.1 noenhanced
  }
  plot $cells using ($1 == m ? $2 : NaN):3:($2 - 0.48):($2 + 0.48):($3 - 0.47):($3 + 0.47):4 \
          with boxxyerror fs solid noborder fc palette, \
      $cells using ($1 == m && $4 < 62 ? $2 : NaN):3:(sprintf('%.0f', $4)) with labels \
          tc rgb '#000000', \
      $cells using ($1 == m && $4 >= 62 ? $2 : NaN):3:(sprintf('%.0f', $4)) with labels \
          tc rgb '#ffffff'
  unset label
  unset ytics
}
unset multiplot
unset output
