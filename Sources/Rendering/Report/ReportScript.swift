/// The one script of a report: search and sorting in the table of conversations, links that open what they lead to,
/// paper that shows everything. Without it the page is complete, only less handy.
enum ReportScript {
    /// SHA-256 of `text`, as the page's policy names it; a test computes it again.
    static let hash = "sha256-hAqwBUgG2CCdSmMM7pHx+W+A5qMDCkf/WFPBDamtlA4="

    static let text = """
        (()=>{const $=i=>document.getElementById(i),t=$('flows'),s=$('search'),f=$('found');\
        if(t&&s){const b=t.tBodies[0],r=[...b.rows],w=r.map(x=>x.textContent.toLowerCase());\
        s.addEventListener('input',()=>{const q=s.value.toLowerCase().split(/\\s+/).filter(Boolean);let n=0;\
        r.forEach((x,i)=>{const k=q.every(y=>w[i].includes(y));x.hidden=!k;n+=k});\
        f.textContent=q.length?n+' of '+r.length:''});\
        [...t.tHead.rows[0].cells].forEach((h,c)=>{const u=document.createElement('button');u.type='button';\
        u.textContent=h.textContent;h.textContent='';h.append(u);let d=h.className==='n'?1:-1;\
        u.addEventListener('click',()=>{d=-d;const v=x=>{const e=x.cells[c],z=e.dataset.v??e.textContent,m=Number(z);\
        return z!==''&&!Number.isNaN(m)?m:z};\
        for(const o of t.tHead.rows[0].cells)o.removeAttribute('aria-sort');\
        h.setAttribute('aria-sort',d>0?'ascending':'descending');\
        b.append(...[...r].sort((p,q)=>{const x=v(p),y=v(q);return d*(typeof x==='number'&&typeof y==='number'?\
        x-y:String(x).localeCompare(String(y)))}))})})}\
        const o=()=>{const e=location.hash.length>1&&$(decodeURIComponent(location.hash.slice(1)));\
        if(e&&e.tagName==='DETAILS'){e.open=true;e.scrollIntoView()}};\
        addEventListener('hashchange',o);o();addEventListener('beforeprint',\
        ()=>document.querySelectorAll('details').forEach(e=>{e.open=true}));\
        addEventListener('keydown',e=>{if(e.key==='/'&&s&&!/^(INPUT|TEXTAREA)$/.test(document.activeElement.tagName)){\
        e.preventDefault();s.focus()}})})()
        """
}
