# A sweep: its metric against one of its axes, every run as a dot, medians larger. Reads NAME.csv:
# series,place,seed,percent,what; `what` is run or median (without seed).
#   places[], ticks[]: of the axis; numeric: whether the places are its values, on the x axis
#   (log_x: on a logarithmic scale), else each is a row; labels[], styles[]: of the series (1 is
#   rnn's colour and marker, 2 rlstm's); joined: whether
#   medians make lines; low, high: of the metric; xlabel: of the axis, ylabel: of the metric
load 'plots/style.gp'
longest(n, text) = strlen(text) > n ? strlen(text) : n
n = |labels|
m = |places|
letters = 1
do for [g = 1:n] { letters = longest(letters, labels[g]) }
size = fit(letters, 220, 14)
right = 890 - letters * 0.59 * size
letters = 1
do for [i = 1:m] { letters = longest(letters, ticks[i]) }
# A series stands a little aside of the others, its runs a little aside of each other.
shift(g, seed) = (g - (n + 1) / 2.0) / n + 0.8 * aside(seed) / n
middle = 0.5 / 0.6180339887   # a seed that stands aside of nothing
unset mxtics
if (numeric) {
  first = places[1]; last = places[m]
  room = log_x ? log(last / first) : last - first
  room = room > 0 ? room : 1
  x(place, g, seed, y) = log_x ? place * exp(0.03 * room * shift(g, seed)) \
                               : place + 0.03 * room * shift(g, seed)
  y(place, g, seed, y) = y
  eval frame(84, right, 60, 524)
  if (log_x) { set logscale x }
  edge = 0.05 * room
  set xrange [(log_x ? first * exp(-edge) : first - edge):(log_x ? last * exp(edge) : last + edge)]
  set yrange [low:high]
  set grid noxtics
  set xtics () noenhanced
  # As many numbers below the axis as there is room for.
  where(x) = log_x ? log(x) : x
  apart = room * (letters * 8.7 + 14) / (right - 84)
  next_x = where(first)
  do for [i = 1:m] {
    set xtics add ('' places[i])
    if (where(places[i]) >= next_x) {
      set label 100 + i ticks[i] at places[i], graph 0 center offset 0, -1.1 noenhanced
      next_x = where(places[i]) + apart
    }
  }
  set label 2 xlabel at graph 0.5, screen py(578) center noenhanced
  set label 3 ylabel at screen px(18), graph 0.5 center rotate by 90 noenhanced
} else {
  tick_size = fit(1, 0.8 * 460.0 / m * 0.62, 13)
  tick_size = fit(letters, 360, tick_size)
  left = 24 + letters * 0.59 * tick_size
  x(place, g, seed, y) = y
  y(place, g, seed, y) = place + 0.8 * shift(g, seed)
  eval frame(left, right, 74, 536)
  set xrange [low:high]
  set yrange [m + 0.5:0.5]
  set border 1
  set grid noytics
  unset ytics
  do for [i = 1:m] {
    set label 100 + i ticks[i] at graph 0, first i right offset -0.8, 0 noenhanced \
        font font(tick_size)
    set arrow 100 + i from graph 0, first i + 0.5 to graph 1, first i + 0.5 nohead back lc rgb faint
  }
  set label 2 ylabel at graph 0.5, screen py(584) center noenhanced
  set label 3 xlabel at screen px(16), screen py(56) left noenhanced \
      font font(fit(strlen(xlabel), 900, 14))
}
do for [g = 1:n] {
  set label 500 + g labels[g] at screen px(right + 44), screen py(72 + 24 * g) left noenhanced \
      font font(size)
  set label 600 + g '' at screen px(right + 26), screen py(72 + 24 * g) \
      point pt series_marker(styles[g]) ps 1.1 lc rgb series_colour(styles[g])
}
set table $points separator comma
plot name . '.csv' using (column('series')):(column('place')):(column('seed')):(column('percent')) \
    with table if (strcol('what') eq 'run')
set table $medians separator comma
do for [g = 1:n] {
  plot name . '.csv' using (g):(column('place')):(column('percent')) with table \
      if (strcol('what') eq 'median' && column('series') == g)
}
unset table
marked = joined ? 'linespoints lw 2' : 'points'
eval 'plot for [g = 1:n] $medians using ($1 == g ? x($2, g, middle, $3) : NaN):' . \
    '(y($2, g, middle, $3)) with ' . marked . ' pt series_marker(styles[g]) ps 1.1 ' . \
    'lc rgb series_colour(styles[g]), ' . \
    'for [g = 1:n] $points using ($1 == g ? x($2, g, $3, $4) : NaN):(y($2, g, $3, $4)) ' . \
    'with points pt series_marker(styles[g]) ps 0.5 lc rgb clear(series_colour(styles[g]))'
unset output
