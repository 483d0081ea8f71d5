// Learns from an archive with har-to-openapi, and prints the document.
//
//   PACKAGES=.../node_modules node har_to_openapi.js ARCHIVE
const fs = require("fs");
const { createRequire } = require("module");
const load = createRequire(process.env.PACKAGES + "/");

const options = {
  // It knows numbers of four digits and UUIDs. So whatever has a digit and is no version is made one of these: a number
  // a number, anything else a UUID (that is a string).
  attemptToParameterizeUrl: true,
  pathReplace: {
    "(?<=/)[0-9]+(?=/|$)": "1000",
    "(?<=/)(?!v[0-9]+(?:/|$))(?=[^/]*[0-9])(?=[^/]*[^0-9/])[^/]*(?=/|$)": "00000000-0000-4000-8000-000000000000",
  },
  forceAllRequestsInSameSpec: true,
  filterStandardHeaders: true,
  guessAuthenticationHeaders: true,
  securityHeaders: ["authorization", "x-api-key", "x-desk-key"],
  relaxedContentTypeJsonParse: false,
  // Without one it leaves out what looks like a file.
  urlFilter: () => true,
};

load("har-to-openapi").generateSpec(JSON.parse(fs.readFileSync(process.argv[2])), options).then(
  ({ spec }) => console.log(JSON.stringify(spec)),
  (error) => { console.error(error); process.exit(1); },
);
