# Edit and draw again, in this folder: gnuplot variants.gp
name = 'variants'
data = '../'
title = 'No variant upholds a larger share of the claims than the default'
default_row = 1
array labels[28] = ['default', 'batch = 40 (rnn), 10 (rlstm)', 'first_step = adagrad', 'l2 = 0.0002', 'tree = merge', 'l2 = 0.001, l2_words = false', 'activation = softsign', 'batch = 10 (rnn), 2 (rlstm)', 'init_fan_cell = 1, init_fan_gate = 1', 'init_fan_cell = 2, init_fan_gate = 4', 'init_forget_bias = 1', 'l2 = 0.0001', 'l2 = 0.0001, l2_words = false', 'l2 = 0.0002, l2_words = false', 'l2 = 0.0005', 'l2 = 0.0005, l2_words = false', 'l2_words = false', 'learning_rate = 0.1', 'patience_against = previous', 'tree = catalan', 'first_step = adagrad, leaf_weights = shared', 'leaf_weights = shared', 'learning_rate = 0.025', 'l2 = 0', 'l2 = 1e-05, l2_words = false', 'l2 = 1e-05', 'l2 = 0.001', 'activation = relu']
array places[28] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28]
load 'plots/variants.gp'
