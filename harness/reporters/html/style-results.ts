// The part of the style sheet for results, tables and evidence.

export const resultStyle = `
.pair{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:.6rem;margin-top:.7rem}
.pair div{padding:.5rem .75rem .6rem;border-radius:4px;background:var(--ground)}
.shown .pair div{border:1px solid var(--line)}
.pair .bad{background:var(--failed-tint)}
.pair dt{font-size:.8125rem;color:var(--muted)}
.pair .bad dt{color:var(--failed)}
.pair dd{font-family:var(--mono);font-size:.875rem;white-space:pre-wrap}
.because{margin-top:.55rem}
.because code{padding:.05rem .35rem;border:1px solid var(--line);border-radius:3px;font-size:.8125rem}
.meta{display:flex;flex-wrap:wrap;gap:.1rem 1rem;margin-top:.55rem;font-size:.8125rem;color:var(--muted)}
.trouble p,.shown p{max-width:none}
.notes{margin-top:.5rem;padding-left:1.1rem;list-style:disc}
.look li{display:grid;grid-template-columns:auto minmax(0,1fr);gap:0 .6rem;padding:.45rem 0;border-top:1px solid var(--line)}
.look li:first-child{border-top:0}
.look .shape{margin-top:.28em}
.look .said{grid-column:2;font-size:.875rem;color:var(--muted)}

.cell{border-top:1px solid var(--line)}
.cell:last-of-type{border-bottom:1px solid var(--line)}
.cell>summary{display:grid;grid-template-columns:1.1rem minmax(0,1fr) auto;gap:.1rem .5rem;align-items:baseline;padding:.8rem 0;list-style:none}
.cell>summary::-webkit-details-marker,.row>summary::-webkit-details-marker,.fold>summary::-webkit-details-marker{display:none}
.cell>summary::before,.fold>summary::before,.row>summary::before{content:"";width:.42rem;height:.42rem;border:solid var(--muted);border-width:0 1.5px 1.5px 0;transform:translateY(-.1em) rotate(-45deg);flex:none}
.cell[open]>summary::before,.fold[open]>summary::before,.row[open]>summary::before{transform:translateY(-.2em) rotate(45deg)}
.cell h3{font-size:1.0625rem}
.cell .id{grid-column:2;font-size:.8125rem;color:var(--muted)}
.tally{display:flex;flex-wrap:wrap;gap:.1rem .8rem;font-size:.875rem}
.tally span{white-space:nowrap}
.cell>summary .tally{grid-row:1/span 2;grid-column:3;align-self:center;justify-content:flex-end}
.suite{padding:.2rem 0 1.3rem 1.6rem}
.suite>h4{display:flex;flex-wrap:wrap;gap:.1rem 1rem;align-items:baseline;font-size:1rem;padding-bottom:.45rem}
.trouble{margin:.3rem 0 .8rem;padding:.9rem 1.1rem 1rem;background:var(--surface);border:1px solid var(--line);border-radius:6px}
.trouble:target,.row:target{outline:2px solid var(--link);outline-offset:2px}
.trouble h5{margin:0;display:flex;gap:.55rem;align-items:baseline;font-size:1rem;font-weight:650;line-height:1.35}
.trouble h5 .shape{transform:translateY(.1em)}
.trouble .head{display:flex;flex-wrap:wrap;gap:0 .8rem;margin-top:.1rem;margin-left:1.55rem;font-size:.875rem}
.badge{padding:0 .4rem;border:1px solid currentColor;border-radius:3px;font-size:.75rem;font-weight:600;white-space:nowrap}
.fold{margin-top:.45rem}
.fold>summary,.row>summary{position:relative;width:fit-content;padding:.12rem 0 .12rem 1rem;list-style:none}
.fold>summary::before,.row>summary::before{position:absolute;left:.1rem;top:.72em}
.fold>summary .shape{margin-right:.25em}
.fold>.rows,.fold>.rule,.fold>.shown{margin:.35rem 0 .6rem .2rem;padding-left:.85rem;border-left:1px solid var(--line)}
.rows>li{padding:.12rem 0;font-size:.9375rem}
.rows>li>code{color:var(--muted)}
.row>summary code{color:var(--muted)}
.row>.shown{padding:.1rem 0 .9rem 1rem}
.rule p{font-size:.9375rem}
.rule .rows{margin-top:.2rem}
.evidence .answer{color:var(--muted)}
.evidence pre{margin-top:.4rem;padding:.7rem .9rem;background:var(--ground);border-radius:4px;white-space:pre-wrap;line-height:1.45}
.label,.evidence h6{margin:.6rem 0 0;font-size:.8125rem;font-weight:600;color:var(--muted)}
.rows .evidence pre,.evidence .shown pre{border:1px solid var(--line)}

.table{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.9375rem}
caption{text-align:left;color:var(--muted);padding-bottom:.4rem}
th,td{text-align:left;vertical-align:baseline;padding:.45rem 1.2rem .45rem 0;border-top:1px solid var(--line)}
thead th{border-top:0;font-size:.8125rem;font-weight:600;color:var(--muted)}
tbody th{font-weight:500}
.number{text-align:right;white-space:nowrap}tr>:last-child{padding-right:0}
td .state{white-space:nowrap}td .state .shape{margin-right:.4em}
th code,td code{white-space:nowrap}
.made-up{padding-left:1.1rem;list-style:disc;max-width:46rem}
.made-up li{padding:.1rem 0}
@media (max-width:40rem){.cell>summary{grid-template-columns:1.1rem minmax(0,1fr)}.cell>summary .tally{grid-row:auto;grid-column:2;justify-content:flex-start}.suite{padding-left:0}.trouble{padding-inline:.85rem}.trouble .head{margin-left:0}}
`;
