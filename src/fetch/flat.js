// The document as markup. What stands in shadow trees and in frames that the page wrote itself is put where it is seen.
(most) => {
    const root = document.documentElement;
    if (!root) {
        return [location.href, ''];
    }
    const inner = (node) => {
        if (node.shadowRoot) {
            return node.shadowRoot.childNodes;
        }
        if (node.localName === 'slot' && node.assignedNodes && node.assignedNodes().length > 0) {
            return node.assignedNodes();
        }
        if (node.localName === 'iframe' && !/^https?:/i.test(node.src)) {
            try {
                return node.contentDocument.body.childNodes;
            } catch (error) {
                return [];
            }
        }
        return node.localName === 'template' ? [] : node.childNodes;
    };
    const has = (node) => node.shadowRoot || node.localName === 'iframe' && !/^https?:/i.test(node.src);
    let html = root.outerHTML;
    if (html.length <= most && [...document.getElementsByTagName('*')].some(has)) {
        // made in a document of its own, where elements of the page's making are plain ones and no script runs
        const other = document.implementation.createHTMLDocument('');
        const copy = (node) => {
            if (node.nodeType !== 1) {
                return other.importNode(node, false);
            }
            let made = other.importNode(node, false);
            if (made.localName === 'iframe' && !/^https?:/i.test(node.src)) {
                made = other.createElement('div');
            }
            for (const child of inner(node)) {
                made.append(copy(child));
            }
            return made;
        };
        try {
            html = copy(root).outerHTML;
        } catch (error) {
            // too deep to be walked: as it is
        }
    }
    return html.length > most ? null : [location.href, '<!DOCTYPE html>' + html];
}
