// Matomo is told by a list what to do before its own script is there; this one says where it stands and
// which site it counts.

const { host, site } = document.currentScript.dataset;
window._paq = [
  ['setTrackerUrl', `${host}/matomo.php`],
  ['setSiteId', site],
  // Nothing is kept in the browser, so nobody need be asked.
  ['disableCookies'],
  ['trackPageView'],
  ['enableLinkTracking'],
];
const script = document.createElement('script');
script.async = true;
script.src = `${host}/matomo.js`;
document.head.append(script);
