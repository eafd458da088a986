# Edit and draw again, in this folder: gnuplot gates.gp
name = 'gates'
data = '../'
title = 'rlstm''s forget gate lets through 0.62 toward the keyword, 0.47 beside its path'
array gates[3] = ['i', 'f', 'o']
high = 0.65
array labels[4] = ['toward the keyword', 'beside the path', 'off the path', 'on the path']
last_epoch = 9
least_runs = 5
low = 0.4
array places[4] = ['toward', 'beside', 'off', 'path']
load 'plots/gates.gp'
