// SPDX-License-Identifier: MIT
#include "ui/web_pages.h"

namespace icloudphotos::ui {

// One column that fits a phone, targets of 44 px, and letters of 16 px, below which phones zoom into the inputs.
std::string_view web_style() {
  return R"(:root {
  color-scheme: light dark;
  --back: #f2f4f8; --card: #fff; --text: #1b2230; --faint: #5b6577; --line: #8791a3; --hair: #dfe4ec;
  --accent: #0b62d6; --on-accent: #fff; --alert: #9c1c12; --alert-back: #fdeceb;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #10141b; --card: #1a202a; --text: #e8ecf3; --faint: #a3adbd; --line: #6d788a; --hair: #2c3442;
    --accent: #6cacff; --on-accent: #06203f; --alert: #ffb4ab; --alert-back: #3a1c1b;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 24px 16px; max-width: 460px; min-height: 100vh; background: var(--back); color: var(--text);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; overflow-wrap: anywhere;
}
header { display: flex; align-items: center; gap: 10px; margin: 0 4px 16px; font-weight: 600; }
main {
  padding: 24px 20px; background: var(--card); border: 1px solid var(--hair); border-radius: 16px;
  box-shadow: 0 1px 2px #0000000d, 0 8px 24px #0000000d;
}
footer { margin: 16px 4px; color: var(--faint); font-size: 14px; }
h1 { margin: 0 0 12px; font-size: 24px; line-height: 1.25; }
h2 { margin: 28px 0 4px; padding-top: 20px; border-top: 1px solid var(--hair); font-size: 16px; }
p { margin: 0 0 16px; }
main > :last-child { margin-bottom: 0; }
b { display: inline-block; }
.account { color: var(--faint); }
.small { margin-top: 16px; color: var(--faint); font-size: 14px; }
.alert { padding: 12px 14px; border-radius: 10px; background: var(--alert-back); color: var(--alert); }
label { display: block; margin: 0 0 6px; font-weight: 600; }
input[type=text], input[type=password], button {
  display: block; width: 100%; min-height: 48px; padding: 10px 14px; border-radius: 10px; font: inherit;
}
input { margin: 0 0 16px; border: 1px solid var(--line); background: var(--back); color: var(--text); }
input[readonly] { border-color: var(--hair); color: var(--faint); }
#code { font-size: 24px; letter-spacing: 0.2em; font-variant-numeric: tabular-nums; }
button { border: 1px solid var(--accent); background: var(--accent); color: var(--on-accent); font-weight: 600; cursor: pointer; }
button:hover { filter: brightness(1.08); }
button.plain { padding: 10px 8px; border-color: var(--line); background: transparent; color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.phone { display: grid; grid-template-columns: 3fr 2fr; gap: 8px; margin: 12px 0 16px; }
.phone span { grid-column: 1 / -1; }
.dots { display: flex; gap: 8px; margin: 20px 0; }
.dots i { width: 10px; height: 10px; border-radius: 50%; background: var(--accent); animation: pulse 1.2s infinite; }
.dots i:nth-child(2) { animation-delay: 0.2s; }
.dots i:nth-child(3) { animation-delay: 0.4s; }
@keyframes pulse { 0%, 70%, 100% { opacity: 0.25; } 35% { opacity: 1; } }
@media (prefers-reduced-motion: reduce) { .dots i { animation: none; } }
@media (min-width: 600px) { body { padding-top: 10vh; } main { padding: 32px; } }
)";
}

std::string_view web_icon() {
  return R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<rect width="32" height="32" rx="7" fill="#0b62d6"/>
<path fill="#fff" d="M10 24a5 5 0 0 1-.8-9.9 7 7 0 0 1 13.5-.6A5.3 5.3 0 0 1 22 24z"/>
<path fill="#0b62d6" d="M10.5 22l4-5.5 2.6 3.2 1.8-2 3 4.3z"/>
</svg>
)";
}

}  // namespace icloudphotos::ui
