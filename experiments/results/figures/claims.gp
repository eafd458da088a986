# Edit and draw again, in this folder: gnuplot claims.gp
name = 'claims'
data = '../'
title = '14 of the paper''s 17 claims hold over 25 seeds'
array judged[17] = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]
array labels[17] = ['E1.1 RNN reasonable on sentences under 11 tokens', 'E1.2 above 10 tokens the RNN is hardly better than guessing', 'E1.3 RLSTM above 90 % on sentences under 31 tokens', 'E1.4 its accuracy drops with length, yet well above guessing up to 70 tokens', 'E1.5 beyond 70 tokens RLSTM and RNN are alike', 'E2.1 RNN very high while the keyword depth is at most 3', 'E2.2 then it drops fast to about guessing', 'E2.3 RLSTM above 90 % until depth 8', 'E2.4 larger depths are hard, yet always better than guessing', 'E3.1 RNN: first-epoch ratios are always very small', 'E3.2 RNN: ratios rise steadily with the epochs', 'E3.3 RNN: ratios shrink with depth', 'E3.4 RLSTM: ratios shoot up after the first epochs, some explode (> 1)', 'E3.5 RLSTM: then they come down and stay, fewer exploding', 'E3.6 RLSTM: gradients do not vanish, even at depth 12, 13', 'E3.7 the jump goes with the dev accuracy', 'E3.8 RLSTM carries error signals to leaves better than RNN']
load 'plots/claims.gp'
