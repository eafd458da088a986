# Edit and draw again, in this folder: gnuplot ratios.gp
name = 'ratios'
data = '../'
title = 'Gradient ratio at depth 10: rnn ends at 0.41, rlstm ends at 0.35'
depth = 10
high = 10
last_epoch = 10
low = 1e-05
array models[2] = ['rnn', 'rlstm']
quartiles = 1
array styles[2] = [1, 2]
load 'plots/ratios.gp'
