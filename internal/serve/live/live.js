// Follows the preview: reloads this page when it changed, swaps changed stylesheets and pictures, shows mistakes over it.
// Only served pages have this script; published ones never do.
(() => {
	"use strict";
	const own = "/.pendapa/";
	const tag = document.currentScript;
	let { version, styles, files } = tag.dataset;
	let source = null;

	// After a reload the page stands where it stood. (Browsers keep the place too, but not one that is a moment old.)
	const place = JSON.parse(sessionStorage.getItem(own) ?? "null");
	sessionStorage.removeItem(own);
	if (place?.page === location.pathname) scrollTo({ left: place.x, top: place.y, behavior: "instant" });

	// A page that nobody looks at holds no connection: browsers allow six to a server, and people have more tabs.
	function follow() {
		if (document.visibilityState === "hidden") {
			source?.close();
			source = null;
		} else if (!source) {
			source = new EventSource(own + "live?page=" + encodeURIComponent(location.pathname));
			source.onmessage = (event) => update(JSON.parse(event.data));
			source.onerror = () => {
				if (source?.readyState === EventSource.CLOSED) {
					source = null;
					setTimeout(follow, 1000);
				}
			};
		}
	}
	document.addEventListener("visibilitychange", follow);
	addEventListener("pagehide", () => { source?.close(); source = null; });
	addEventListener("pageshow", follow);

	function update(now) {
		if (now.version && now.version !== version) {
			version = now.version;
			sessionStorage.setItem(own, JSON.stringify({ page: location.pathname, x: scrollX, y: scrollY }));
			location.reload();
			return;
		}
		if (now.styles !== styles) {
			styles = now.styles;
			restyle();
		}
		if (now.files !== files) {
			files = now.files;
			for (const img of document.images) img.src = fresh(img.src);
		}
		show(now.panel);
	}

	function fresh(address) {
		const url = new URL(address, location.href);
		if (url.origin !== location.origin) return address;
		url.searchParams.set("v", styles + files);
		return url.href;
	}

	// Stylesheets are named by their contents, so the page is asked under which names it knows them now. The new one comes
	// before the old one goes, so that the page is never bare.
	async function restyle() {
		const sheets = 'link[rel="stylesheet"]';
		const text = await fetch(location.href).then((answer) => answer.text()).catch(() => "");
		const now = new DOMParser().parseFromString(text, "text/html").querySelectorAll(sheets);
		[...document.querySelectorAll(sheets)].forEach((link, i) => {
			if (!now[i]) return;
			const next = link.cloneNode();
			next.href = now[i].getAttribute("href");
			if (next.href === link.href) next.href = fresh(link.href);
			next.integrity = now[i].integrity;
			next.onload = next.onerror = () => link.remove();
			link.after(next);
		});
	}

	let panel = null, small = false;
	function show(state) {
		if (!state.title) {
			panel?.host.remove();
			panel = null;
			return;
		}
		if (!panel) {
			const host = document.createElement("pendapa-panel");
			panel = host.attachShadow({ mode: "open" });
			const link = document.createElement("link");
			link.rel = "stylesheet";
			link.href = own + "live.css";
			const box = element("section", "panel");
			box.hidden = true;
			link.onload = () => { box.hidden = false; };
			// The title is told to those who do not see it, again whenever it changes.
			const status = element("div", "status");
			status.setAttribute("role", "status");
			status.append(element("h2"));
			box.append(status);
			panel.append(link, box);
			document.documentElement.append(host);
			small = state.errors === 0; // warnings do not stand in the way
		}
		const box = panel.querySelector(".panel");
		box.className = "panel" + (state.errors ? " has-errors" : "") + (small ? " small" : "");
		box.lang = tag.dataset.lang;
		box.setAttribute("aria-label", state.title);
		const title = box.querySelector("h2");
		if (title.textContent !== state.title) title.textContent = state.title;
		const button = element("button", "", small ? "+" : "–");
		button.type = "button";
		button.setAttribute("aria-label", state.hide);
		button.setAttribute("aria-pressed", String(small));
		button.onclick = () => { small = !small; show(state); panel.querySelector("button").focus(); };
		const body = element("div", "body");
		body.append(element("p", "note", state.note));
		const list = element("ol", "problems");
		for (const problem of state.problems) list.append(item(problem));
		body.append(list);
		if (state.more) body.append(element("p", "note", state.more));
		for (const old of box.querySelectorAll(":scope > :not(.status)")) old.remove();
		box.append(button, body);
	}

	function item(problem) {
		const li = element("li", problem.error ? "error" : "warning");
		const message = element("p", "message");
		message.append(element("strong", "", problem.severity + ":"), " " + problem.message);
		li.append(element("p", "place", problem.place), message);
		if (problem.line) {
			const pre = element("pre"), code = element("code");
			code.append(problem.before ?? "", element("mark", "", problem.marked ?? ""), problem.after ?? "");
			pre.tabIndex = 0;
			pre.append(code);
			li.append(pre);
		}
		if (problem.hint) li.append(element("p", "hint", problem.hint));
		return li;
	}

	function element(name, className, text) {
		const e = document.createElement(name);
		if (className) e.className = className;
		if (text) e.textContent = text;
		return e;
	}

	follow();
})();
