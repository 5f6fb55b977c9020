// The page's style sheet: one column of text, hairlines instead of boxes, colour only where it means something.

import { dark, light, type Palette } from './palette.ts';
import { resultStyle } from './style-results.ts';

function variables(palette: Palette): string {
	return Object.entries(palette)
		.map(([name, colour]) => `--${name}:${colour}`)
		.join(';');
}

export const style = `
:root{color-scheme:light;${variables(light)};
--sans:system-ui,-apple-system,"Segoe UI","Cantarell","Noto Sans","Liberation Sans",sans-serif;
--mono:ui-monospace,"SF Mono","Cascadia Mono","Source Code Pro","DejaVu Sans Mono","Liberation Mono",monospace}
@media screen and (prefers-color-scheme:dark){:root{color-scheme:dark;${variables(dark)}}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%;scroll-padding-top:1rem}
body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.55 var(--sans);font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
h1,h2,h3,h4,p,ul,ol,dl,dd,pre,table{margin:0;padding:0}
h1,h2,h3,h4{font-weight:650;line-height:1.25;text-wrap:balance}
ul,ol{list-style:none}
code,pre,kbd{font-family:var(--mono);font-size:.875em;font-variant-ligatures:none}
a{color:var(--link);text-decoration-thickness:1px;text-underline-offset:.18em}
a:hover{text-decoration-thickness:2px}
:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:3px}
summary{cursor:pointer}
.defs{position:absolute;width:0;height:0}
.shape{width:1em;height:1em;flex:none;vertical-align:-.12em}
.passed{color:var(--passed)}.failed{color:var(--failed)}.error{color:var(--error)}.blocked{color:var(--blocked)}.skipped{color:var(--skipped)}
.muted{color:var(--muted)}
.page{max-width:72rem;margin:0 auto;padding:0 clamp(1rem,4vw,2.5rem)}
.skip-link{position:absolute;left:-100vw;top:.5rem;background:var(--surface);color:var(--link);padding:.5rem 1rem;z-index:1}
.skip-link:focus{left:.5rem}

.reality{color:var(--on-reality)}
.reality.simulated{background:repeating-linear-gradient(-45deg,rgb(0 0 0/0) 0 14px,rgb(0 0 0/.17) 14px 28px),var(--simulated);color:var(--on-reality)}
.reality.emulated{background:repeating-linear-gradient(-45deg,rgb(0 0 0/0) 0 14px,rgb(0 0 0/.17) 14px 28px),var(--emulated);color:var(--on-reality)}
.reality .page{padding-block:.8rem;display:flex;flex-wrap:wrap;gap:.1rem 1.2rem;align-items:baseline}
.reality strong{font-size:1.2rem;letter-spacing:.01em}
.reality a{color:inherit}
.broken-off{background:var(--error-tint);border-bottom:2px solid var(--error);color:var(--ink)}
.broken-off .page{padding-block:.7rem;display:flex;flex-wrap:wrap;gap:.1rem 1rem}
.broken-off strong{color:var(--error)}

.top{display:flex;flex-wrap:wrap;gap:.2rem 1.5rem;justify-content:space-between;padding-block:1.1rem .9rem;font-size:.875rem;color:var(--muted)}
.top b{color:var(--ink);letter-spacing:.01em}
.lead{display:grid;grid-template-columns:minmax(0,1fr) minmax(15rem,19rem);column-gap:3rem;padding-block:1.2rem 0;border-top:1px solid var(--line)}
.lead>*{grid-column:1/-1}.lead>.gist{grid-column:1;padding-bottom:1.8rem}.lead>.side{grid-column:2;grid-row:1;padding-bottom:1.6rem}
.lead h1{font-weight:500;font-size:1.125rem;color:var(--muted)}
.lead h1 .verdict{display:flex;align-items:center;gap:.22em;margin-top:.1em;font-size:clamp(2.6rem,7vw,3.6rem);font-weight:700;letter-spacing:-.025em;line-height:1.1}
.lead h1 .shape{width:.72em;height:.72em}
.lead .not-gate{margin-top:.3rem;font-size:1.125rem;font-weight:650}
.lead .why{margin-top:.55rem;font-size:1.125rem;line-height:1.45;max-width:38rem}
.bar{display:flex;gap:2px;height:.6rem;margin-top:1.3rem;max-width:38rem}
.bar span{min-width:3px;background:currentColor;border-radius:1px}
.bar .skipped{opacity:.4}
.bar .blocked{background:repeating-linear-gradient(-45deg,currentColor 0 2px,transparent 2px 4px)}
.counts{display:flex;flex-wrap:wrap;gap:.15rem 1rem;margin-top:.6rem;font-size:.9rem}
.counts li{display:flex;align-items:center;gap:.38rem}
.counts b{color:var(--ink)}.counts .word{color:var(--muted)}
.side{display:grid;gap:1.2rem;align-content:start;font-size:.9375rem}
.side h2{font-size:.8125rem;font-weight:600;color:var(--muted)}
.side .also b{display:inline-flex;align-items:center;gap:.35rem;font-size:1.125rem}
.side .also p{font-size:.875rem;color:var(--muted)}
.facts{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.15rem 1rem}
.facts dt{color:var(--muted)}

.panel{background:var(--surface);border:1px solid var(--line);border-radius:6px;padding:1.1rem clamp(1rem,2.5vw,1.5rem)}
.first{border-top:3px solid currentColor}
.first>:not(h2){color:var(--ink)}.first>.muted{color:var(--muted)}
.first h2{font-size:.8125rem;font-weight:600}
.first h3{font-size:1.25rem;margin-top:.15rem}
.next{margin-top:1rem;padding:.9rem clamp(1rem,2.5vw,1.5rem);border:1px solid var(--line);border-radius:6px;background:var(--surface);display:flex;flex-wrap:wrap;gap:.35rem .8rem;align-items:baseline}
.next h2{font-size:.9375rem}
.next code span{display:inline-block;max-width:100%}
.next code{flex:1 1 24rem;padding:.35rem .6rem;background:var(--ground);border-radius:4px;user-select:all}
.contents{margin-top:1.6rem;padding-block:.7rem;border-block:1px solid var(--line);font-size:.9375rem}
.contents ul{display:flex;flex-wrap:wrap;gap:.2rem 1.4rem}
.part{margin-top:2.6rem}
.part>h2{font-size:1.5rem;letter-spacing:-.012em;margin-bottom:.8rem}
.part>p+*{margin-top:.6rem}
.part p{max-width:46rem}
footer{margin-top:3rem;border-top:1px solid var(--line);font-size:.875rem;color:var(--muted)}
footer .page{padding-block:1.2rem 2.5rem}
${resultStyle}
@media (max-width:56rem){.lead{grid-template-columns:minmax(0,1fr)}.lead>.side{grid-column:1;grid-row:auto;margin-top:1.6rem;padding-bottom:0}.side{grid-template-columns:repeat(auto-fit,minmax(15rem,1fr))}}
@media (max-width:34rem){body{font-size:14.5px}.pair{grid-template-columns:minmax(0,1fr)!important}.facts.long{grid-template-columns:minmax(0,1fr)}.facts.long dd{margin-bottom:.5rem}.part{margin-top:2rem}}
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
@media (forced-colors:active){.bar span{forced-color-adjust:none}.reality{border:3px solid}}
@media print{body{background:#fff;font-size:10pt}.page{max-width:none;padding-inline:0}.reality .page,.broken-off .page{padding-inline:1rem}.skip-link,.contents{display:none}
.panel,.next,.trouble{break-inside:avoid}h2,h3,h4,summary{break-after:avoid}.reality,.bar span{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`;
