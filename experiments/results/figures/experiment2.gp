# Edit and draw again, in this folder: gnuplot experiment2.gp
name = 'experiment2'
data = '../'
title = 'Most runs learn the task: rnn up to depth 3, rlstm up to depth 11'
chance = 10
array datasets[10] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
experiment = 'exp2'
array labels[10] = ['1-2', '2-3', '3-4', '4-5', '5-6', '6-7', '7-8', '8-9', '9-10', '10-11']
array models[2] = ['rnn', 'rlstm']
xlabel = 'dataset, with its keyword depths (21 to 30 words)'
load 'plots/strips.gp'
