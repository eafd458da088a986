# Edit and draw again, in this folder: gnuplot node_ratios.gp
name = 'node_ratios'
data = '../'
title = 'Keyword over other leaves (depth 8, epoch 6): 1.1 times the gradient in rnn, 10 times in rlstm'
array epochs[4] = [0, 1, 3, 6]
high = 10
array kinds[3] = ['inner', 'leaf', 'keyword']
last_depth = 13
low = 1e-07
array models[2] = ['rnn', 'rlstm']
load 'plots/node_ratios.gp'
