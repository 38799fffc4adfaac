// The page's style sheet: one column of calm type, tabular figures, light and dark paper, and a version for printing.
// Fonts are those a reader's system has; levels take their colours from the palette.
import { LEVEL_COLOURS } from './report-palette.js';

const properties = (colours: Readonly<Record<string, string>>) =>
  Object.entries(colours)
    .map(([name, colour]) => `--level-${name}:${colour};`)
    .join('');

const LIGHT = `--paper:#fbfaf7;--card:#ffffff;--ink:#1c1e22;--muted:#646a74;--line:#e5e1d8;--line-strong:#b9b4a8;--accent:#00805d;--win:#00704f;--lose:#b3400a;--heat:213 94 0;${properties(LEVEL_COLOURS.light)}`;
const DARK = `--paper:#14161a;--card:#1b1e24;--ink:#e9e6df;--muted:#9ba1ab;--line:#2d3138;--line-strong:#565c66;--accent:#2cc297;--win:#37cfa3;--lose:#f2955a;--heat:240 138 60;${properties(LEVEL_COLOURS.dark)}`;

const BASE = `
*{box-sizing:border-box}
html{color-scheme:light dark;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif;font-variant-numeric:tabular-nums;-webkit-print-color-adjust:exact;print-color-adjust:exact}
main{max-width:72rem;margin:0 auto;padding:clamp(2rem,6vw,5.5rem) clamp(1.1rem,4vw,3rem) 6rem}
h1,h2,.sentence,.sample .text,.rung-name{font-family:Charter,'Bitstream Charter','Iowan Old Style','Palatino Linotype',Palatino,Georgia,'Noto Serif',serif}
h1{font-size:clamp(2.6rem,7vw,4.6rem);line-height:1.04;letter-spacing:-.02em;font-weight:600;margin:.5rem 0 1.4rem}
h2{font-size:1.8rem;line-height:1.2;letter-spacing:-.01em;font-weight:600;margin:0 0 .5rem}
h3{font-size:1rem;font-weight:650;margin:0}
small{font-size:.8125rem;font-weight:400;color:var(--muted)}
section{margin-top:clamp(3.5rem,8vw,6rem)}
figure{margin:0}
output{font-variant-numeric:tabular-nums}
.lead{max-width:44rem;color:var(--muted);margin:0 0 1.9rem;font-size:1.0625rem}
.kicker{text-transform:uppercase;letter-spacing:.12em;font-size:.75rem;font-weight:600;color:var(--muted);margin:0}
.small{font-size:.8125rem}.muted{color:var(--muted)}.none{color:var(--line-strong)}
.masthead{border-bottom:1px solid var(--line);padding-bottom:2.5rem}
.sentence{font-size:clamp(1.2rem,2.4vw,1.5rem);line-height:1.45;max-width:46rem;margin:0}
.stop{color:var(--accent)}.loses .stop,.mixed .stop{color:var(--lose)}.tie .stop,.unmeasured .stop,.incomparable .stop{color:var(--line-strong)}
.caveats{margin:1.6rem 0 0;padding:0;list-style:none;max-width:50rem;color:var(--muted);font-size:.9375rem}
.caveats li{padding-left:1.4rem;position:relative;margin:.3rem 0}
.caveats li::before{content:'';position:absolute;left:.15rem;top:.65em;width:.6rem;border-top:1.5px solid var(--line-strong)}
.wide,.scroll{overflow-x:auto}
figcaption{font-size:.8125rem;color:var(--muted);margin-top:.8rem}
details{margin-top:.7rem}
summary{cursor:pointer;font-weight:600;font-size:.9375rem;padding:.3rem 0}
summary:focus-visible{outline:2px solid var(--accent);outline-offset:3px;border-radius:3px}
code{font:.8125rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;overflow-wrap:anywhere}
`;

const LADDER = `
svg.ladder,svg.curves,svg.seeds,svg.buckets{display:block;width:100%;height:auto}
svg.ladder,svg.curves,svg.seeds{min-width:46rem}
svg.ladder text{fill:currentColor}
svg.ladder .card{fill:var(--card);stroke:var(--line);stroke-width:1.2}
svg.ladder .dot{stroke:var(--paper);stroke-width:1.5}
svg.ladder .axis{stroke:var(--line);stroke-width:1.5}
svg.ladder .leader{stroke:var(--line-strong);fill:none}
svg.ladder .frost path{stroke:var(--muted);stroke-width:1.2;stroke-linecap:round;fill:none}
svg.ladder .muted,svg.ladder .kicker,svg.ladder .what,svg.ladder .unit{fill:var(--muted)}
.rung-name{font-size:23px;font-weight:600}
.unit{font-size:14px}
.what{font-size:12px}
.value{font-size:17px;font-variant-numeric:tabular-nums}
.small-value{font-size:14px}
.message path{fill:none;stroke:inherit;stroke-width:1.8}
svg.curves,svg.seeds,svg.buckets{font-family:inherit;color:var(--ink)}
figure+figure,figure+.scroll,.scroll+.scroll{margin-top:2.2rem}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,27rem),1fr));gap:1.6rem 2.4rem;align-items:start}
.pair figure+figure{margin-top:0}
.pair h3{margin-bottom:.6rem}
`;

const FIGURES = `
table{border-collapse:collapse;font-size:.9375rem;width:100%}
th{font-weight:500;text-align:left}
td{text-align:right}
th,td{padding:.42rem .9rem .42rem 0;border-bottom:1px solid var(--line);vertical-align:baseline;white-space:nowrap}
th:last-child,td:last-child{padding-right:0}
thead th,thead td{font-size:.8125rem;color:var(--muted);border-bottom-color:var(--line-strong)}
thead th:not(:first-child){text-align:right}
thead th[colspan]{text-align:right;text-transform:uppercase;letter-spacing:.08em;font-size:.72rem;border-bottom:0;padding-bottom:0}
thead tr:not(:last-child) td{border-bottom:0}
h2+.scroll{margin-top:1.2rem}
.total th,.total td{font-weight:700;border-bottom:0;border-top:1.5px solid var(--line-strong)}
.free th,.free td{color:var(--muted);font-size:.93em}
.free th[scope=rowgroup]{padding-top:1rem;font-style:italic}
.swatch{display:inline-block;width:.7rem;height:.7rem;border-radius:2px;margin-right:.6rem}
.spread{display:block;font-size:.75rem;line-height:1.2}
.models td{vertical-align:baseline}.own th,.own td{font-weight:650}
.models .worse{color:var(--win)}.models .better{color:var(--lose)}
.seeded th,.seeded td{color:var(--muted)}
.measures th small{display:block;white-space:normal;max-width:32rem}.best{font-weight:700}
.ledger{margin-bottom:2.2rem}
.bars{margin-bottom:1.5rem}
.bars h3{margin-bottom:.5rem}
.bar{display:grid;grid-template-columns:8.5rem 1fr 4.2rem;gap:.9rem;align-items:center;margin:.3rem 0}
.bar b{font-weight:500;font-size:.9375rem;overflow-wrap:anywhere;line-height:1.2}
.bar output{text-align:right;font-weight:650}
.stack{display:flex;height:2rem;border-radius:4px;overflow:hidden}
.stack span{display:block;overflow:hidden;white-space:nowrap;text-align:center;font-size:.75rem;line-height:2rem;box-shadow:inset -1.5px 0 var(--paper)}
.stack span:last-child{box-shadow:none;border-radius:0 4px 4px 0}
.legend{display:flex;flex-wrap:wrap;gap:.35rem 1.3rem;list-style:none;margin:0;padding:0;font-size:.8125rem;color:var(--muted)}
.legend i{display:inline-block;width:.7rem;height:.7rem;border-radius:2px;margin-right:.45rem;vertical-align:-.03em}
.plain{list-style:none;padding:0}
`;

const CARDS = `
article{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:1.15rem 1.3rem}
article header{display:flex;justify-content:space-between;align-items:baseline;gap:1rem}
.channels{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,19rem),1fr));gap:1.1rem}
.channel header{margin-bottom:.9rem}
.channel p{margin:.8rem 0 0}
.arrow{color:var(--muted);font-weight:400}
.chip{font-size:.75rem;font-weight:600;padding:.05rem .6rem;border-radius:1rem;border:1.5px solid currentColor}
.chip.alive{color:var(--win)}.chip.weak{color:var(--muted)}.chip.dead{color:var(--lose);border-style:dashed}
.spoilt{display:grid;grid-template-columns:4.6rem 1fr 4rem;gap:.7rem;align-items:center;font-size:.875rem;margin:.28rem 0}
.spoilt output{text-align:right}
.track{position:relative;height:1.05rem}
.track i{position:absolute;top:0;bottom:0;border-radius:2px;background:var(--own)}
.track .shuffled{opacity:.55}
.track .oracle{opacity:.3}
.track .zero{background:var(--line-strong);width:1px;top:-.2rem;bottom:-.2rem;border-radius:0}
.samples{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,27rem),1fr));gap:1.3rem;align-items:start}
.sample{position:relative;border-top:3px solid var(--own)}
.sample .text{font-size:1.0625rem;line-height:1.75;white-space:pre-wrap;overflow-wrap:anywhere;margin:.9rem 0 .6rem}
.prompt{color:var(--muted)}
.u{text-decoration:underline 2px rgb(var(--heat) / var(--s));text-underline-offset:.28em;text-decoration-skip-ink:none;cursor:help}
.u:hover{background:rgb(var(--heat) / .14)}
.pop{display:none;position:absolute;left:.6rem;right:.6rem;z-index:2;margin-top:.35rem;padding:.8rem 1rem 1rem;background:var(--card);border:1px solid var(--line-strong);border-radius:8px;box-shadow:0 8px 28px rgb(0 0 0 / .16);cursor:auto;font:400 .8125rem/1.45 system-ui,-apple-system,'Segoe UI',sans-serif;white-space:normal}
.u:hover>.pop{display:block}
.bits{float:right;color:var(--muted);font-size:.8125rem}
.choices{display:flex;flex-wrap:wrap;gap:.5rem .9rem;margin-top:.35rem;clear:both}
.choice{flex:1 1 7rem;min-width:7rem;max-width:13rem;display:block}
.choice em{display:block;font-style:normal;font-size:.75rem;color:var(--own);font-weight:600}
.choice i{display:flex;justify-content:space-between;gap:.5rem;font-style:normal;font-size:.75rem;color:var(--muted);padding:0 .3rem;margin-top:1px;border-radius:2px;background:linear-gradient(color-mix(in srgb,var(--own) 24%,transparent) 0 0) no-repeat 0/var(--p) 100%}
.choice .x{color:var(--ink);font-weight:600}
.choice s{text-decoration:none;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.choice q{quotes:none}
.trace{margin:.4rem 0 0;padding:0;list-style:none;max-height:28rem;overflow:auto;font-size:.875rem}
.trace li{padding:.55rem .3rem .6rem 0;border-bottom:1px solid var(--line)}
.trace li.starts{border-top:1.5px solid var(--line-strong)}
.clusters{columns:19rem;column-gap:1.1rem}
.cluster{break-inside:avoid;margin-bottom:1.1rem}
.cluster dl{margin:.7rem 0 0}
.cluster dl div{display:grid;grid-template-columns:1fr auto;gap:0 .8rem;padding:.35rem 0;border-top:1px solid var(--line)}
.cluster dt{font-weight:600;font-size:.9375rem}
.cluster dd{margin:0}
.cluster .count{font-size:.875rem;text-align:right}
.cluster .evidence{grid-column:1/-1;font-size:.8125rem;line-height:1.4;color:var(--muted)}
.cluster output{color:var(--muted);font-size:.875rem}
.notes{max-width:46rem;padding-left:1.1rem;margin:1rem 0 0}.notes li{margin:.35rem 0}
.reading{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr));gap:1.4rem 2.6rem;margin:1.4rem 0 0}
.reading dt{font-weight:650}.reading dd{margin:.2rem 0 0;color:var(--muted);font-size:.9375rem}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr));gap:.9rem 2.6rem;margin:1.4rem 0 2rem}
.facts dt{font-size:.8125rem;color:var(--muted)}.facts dd{margin:0;overflow-wrap:anywhere}
`;

const PRINT = `
@page{margin:16mm 15mm}
@media print{
html{color-scheme:light}
:root{${LIGHT}--paper:#ffffff}
body{font-size:10pt}
main{max-width:none;padding:0}
h1{font-size:34pt}h2{font-size:17pt}.sentence{font-size:13pt}
section{margin-top:2.2rem}
h2,h3,.lead,thead{break-after:avoid;break-inside:avoid}
.channels{grid-template-columns:repeat(3,1fr)}
figure,article,tr,.bar,.reading div,.masthead{break-inside:avoid}
.wide,.scroll{overflow:visible}
svg.ladder,svg.curves,svg.seeds{min-width:0}
svg.buckets{max-height:225mm}
.pair{display:block}.pair figure+figure{margin-top:1.6rem}
table{font-size:8.5pt}
th,td{white-space:normal;overflow-wrap:anywhere;padding-right:.55rem}
td,code{overflow-wrap:normal}
figcaption,.legend{break-before:avoid}
.scroll{break-inside:avoid}details .scroll{break-inside:auto}
.samples{grid-template-columns:1fr 1fr;align-items:stretch}
.sample .text{font-size:9.5pt;line-height:1.6}
.clusters{columns:3;font-size:9pt}
.pop{display:none!important}
.trace{max-height:none}
}
@media (max-width:40rem){
.bar{grid-template-columns:1fr 3.6rem}.bar b{grid-column:1/-1}
article{padding:1rem}
}
`;

/** The whole style sheet as CSS text. */
export const reportStyle = `:root{${LIGHT}}@media (prefers-color-scheme:dark){:root{${DARK}}}${BASE}${LADDER}${FIGURES}${CARDS}${PRINT}`;
