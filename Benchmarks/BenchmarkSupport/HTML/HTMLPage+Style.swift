// SPDX-License-Identifier: Apache-2.0

extension HTMLPage {
    /// The page's style: system fonts, two colour schemes, eight series colours that stay apart in both.
    static let style = """
        :root { --page:#f7f8fa; --card:#fff; --ink:#14181f; --soft:#5b6472; --line:#dfe3e8; --bar:#2f6fdb;
          --good:#0f8a5f; --bad:#c2410c; --c0:#2f6fdb; --c1:#d97706; --c2:#0d9488; --c3:#8b5cf6; --c4:#db2777;
          --c5:#65a30d; --c6:#64748b; --c7:#b45309; }
        @media (prefers-color-scheme: dark) { :root { --page:#0f1216; --card:#171b21; --ink:#e8ebf0; --soft:#97a1b0;
          --line:#2a303a; --bar:#5b93f5; --good:#34c491; --bad:#fb923c; --c0:#5b93f5; --c1:#f5a742; --c2:#2dd4bf;
          --c3:#a78bfa; --c4:#f472b6; --c5:#a3e635; --c6:#94a3b8; --c7:#fcd34d; } }
        * { box-sizing:border-box; }
        body { margin:0; background:var(--page); color:var(--ink);
          font:15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
        main { max-width:1040px; margin:0 auto; padding:40px 20px 60px; }
        h1 { font-size:34px; letter-spacing:-.02em; margin:0 0 6px; } h1 span { color:var(--soft); font-weight:400; }
        h2 { font-size:20px; margin:0 0 2px; letter-spacing:-.01em; }
        .lead { font-size:18px; margin:0 0 22px; max-width:46em; }
        section { background:var(--card); border:1px solid var(--line); border-radius:12px;
          padding:22px 24px; margin:20px 0; }
        section > p { color:var(--soft); margin:0 0 16px; max-width:60em; }
        dl { display:grid; grid-template-columns:repeat(auto-fit, minmax(240px, 1fr)); gap:10px 24px; margin:0; }
        dl .wide { grid-column:1 / -1; }
        dt { color:var(--soft); font-size:12px; } dd { margin:0; overflow-wrap:anywhere; }
        svg { width:100%; height:auto; display:block; font-family:inherit; }
        .label { fill:var(--ink); font-size:12px; } .tick, .small { fill:var(--soft); font-size:11px; }
        .small { font-size:10.5px; } .figure { fill:var(--ink); font-size:12px; font-weight:600; }
        .grid { stroke:var(--line); stroke-width:1; } .axis { stroke:var(--soft); }
        .unity { stroke:var(--ink); stroke-width:1.5; } .link { stroke:var(--line); stroke-width:3; }
        .bar { fill:var(--bar); } .whisker { stroke:var(--soft); stroke-width:1.2; }
        .proportion { stroke:var(--soft); stroke-width:1.2; stroke-dasharray:4 4; }
        .line { fill:none; stroke-width:2.2; stroke-linejoin:round; } .line.peer { stroke-width:1.4; }
        \((0..<8).map { ".s\($0) { fill:var(--c\($0)); } .l\($0) { stroke:var(--c\($0)); } .k\($0) { background:var(--c\($0)); }" }
        .joined(separator: "\n"))
        .cards { display:grid; grid-template-columns:repeat(auto-fill, minmax(215px, 1fr)); gap:12px; }
        .card { border:1px solid var(--line); border-radius:10px; padding:12px 14px; display:flex; flex-wrap:wrap;
          align-content:flex-start; }
        .card b { font-size:13px; } .card em { margin-left:auto; font-style:normal; font-size:12px; font-weight:600; }
        .card.met em { color:var(--good); } .card.missed em { color:var(--bad); }
        .card h3 { font-size:13px; font-weight:400; color:var(--soft); margin:4px 0 6px; width:100%; min-height:39px; }
        .card strong { width:100%; font-size:16px; letter-spacing:-.01em; }
        .card small { color:var(--soft); width:100%; }
        .meter { position:relative; width:100%; height:6px; border-radius:3px; background:var(--line); margin-top:8px; }
        .meter i { display:block; height:6px; border-radius:3px; background:var(--bad); }
        .meter::after { content:""; position:absolute; left:50%; top:-3px; height:12px; width:2px; background:var(--ink); }
        .met .meter i { background:var(--good); }
        .plots { display:grid; grid-template-columns:repeat(auto-fit, minmax(380px, 1fr)); gap:24px 28px; }
        figure { margin:0; } figcaption { font-weight:600; margin-bottom:6px; }
        .legend { display:flex; flex-wrap:wrap; gap:4px 16px; font-size:12px; color:var(--soft); margin:4px 0 8px; }
        .legend i { display:inline-block; width:10px; height:10px; border-radius:5px; margin-right:6px; }
        .legend i.square { border-radius:1px; }
        .legend i.dash { width:16px; height:0; border-top:2px dashed var(--soft); border-radius:0;
          vertical-align:middle; }
        .scroll { overflow-x:auto; } table { border-collapse:collapse; font-size:12.5px; width:100%; }
        th, td { padding:5px 9px; border-bottom:1px solid var(--line); text-align:left; white-space:nowrap; }
        td { font-variant-numeric:tabular-nums; } tr th { font-weight:600; } table.heat td { text-align:right; }
        table.heat td { background:linear-gradient(to right,
          color-mix(in srgb, var(--bar) 22%, transparent) var(--share, 0%), transparent var(--share, 0%)); }
        summary { cursor:pointer; font-weight:600; } footer { color:var(--soft); font-size:13px; }
        """
}
