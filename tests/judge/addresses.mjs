// The address of every page that answers 200, one a line.
//
//   node tests/judge/addresses.mjs BASE_URL

import { pages } from './site.mjs';

for (const { url, status } of await pages(process.argv[2])) if (status === 200) console.log(url);
