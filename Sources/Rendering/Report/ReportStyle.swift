/// How a report looks: on screens wide and narrow, light and dark, and on paper.
enum ReportStyle {
    static let text = """
        :root{color-scheme:light dark;--line:#8884;--soft:#8881;--link:#1d4ed8;--bad:#b91c1c;--bar:#2563eb}\
        @media(prefers-color-scheme:dark){:root{--link:#93c5fd;--bad:#fca5a5;--bar:#60a5fa}}*{box-sizing:border-box}\
        body{margin:0 auto;max-width:76rem;padding:1rem;font:16px/1.45 system-ui,sans-serif}\
        h1{font-size:1.5rem;margin:.2rem 0;overflow-wrap:anywhere}h2{font-size:1.2rem;margin:1.8rem 0 .5rem}\
        h3{font-size:1rem;margin:1rem 0 .3rem}a{color:var(--link)}nav a{margin-right:1rem}\
        .skip{position:absolute;left:-99rem}.skip:focus{left:1rem}\
        :focus-visible{outline:3px solid var(--link);outline-offset:2px}\
        .facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(11.5rem,46%),1fr));gap:.6rem;\
        margin:1rem 0}.facts div{border:1px solid var(--line);border-radius:.4rem;padding:.4rem .7rem}\
        dt{font-size:.8rem;opacity:.75}dd{margin:0;font-weight:600;font-size:.95rem;overflow-wrap:anywhere}\
        .pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(26rem,100%),1fr));gap:1rem;\
        align-items:start}.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.85rem}\
        caption{text-align:left;font-size:.85rem;opacity:.75;padding:.2rem 0}\
        th,td{padding:.2rem .4rem;border-bottom:1px solid var(--line);text-align:left;white-space:nowrap;\
        font-weight:400}thead th{font-weight:600}td,th[scope=row]{font-variant-numeric:tabular-nums}\
        .n{text-align:right}tbody tr:hover{background:var(--soft)}\
        th button{font:inherit;color:inherit;background:none;border:0;padding:0;cursor:pointer;\
        text-decoration:underline dotted}.share{display:inline-block;width:min(6rem,14vw);height:.7rem;\
        background:var(--soft);vertical-align:middle}.share span{display:block;height:100%;background:var(--bar)}\
        .bad{color:var(--bad)}input{font:inherit;padding:.25rem .5rem;width:min(20rem,100%)}\
        kbd,code,pre{font-family:ui-monospace,monospace;font-size:.85em}\
        details{border:1px solid var(--line);border-radius:.4rem;margin:.6rem 0;padding:.3rem .8rem;\
        content-visibility:auto;contain-intrinsic-size:auto 3rem}\
        summary{cursor:pointer;font-weight:600;overflow-wrap:anywhere}.story{padding-left:1.1rem}\
        .story li{margin:.25rem 0}.story b{font-weight:600;opacity:.8}\
        .plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(30rem,100%),1fr));gap:1rem}\
        figure{margin:0}figcaption{font-size:.85rem;overflow-wrap:anywhere}\
        .plot{width:100%;height:auto;max-width:48rem}pre{line-height:1.25}@media(max-width:36rem){.share{width:2rem}\
        figure .plot text{font-size:20px}figure .plot path{stroke-width:2.5}figure .plot .d{stroke-width:8}}\
        @media print{body{max-width:none;padding:0;font-size:10pt}nav,.skip,.search{display:none}\
        h2,h3,summary,figcaption{break-after:avoid}details{content-visibility:visible;break-inside:auto}\
        details::details-content{content-visibility:visible;display:block}figure,tr{break-inside:avoid}\
        .scroll{overflow:visible}.np-ladder{max-width:100%;height:auto}pre{font-size:6pt}th,td{white-space:normal}}
        """
}
