-- key ring: key-d74jttnvvdk9mw0hfhpm34ny k2TNbvQ+gWC8yLsz+oDL5r9du03PCrAbQ0a5q/+hE6c=
-- key of admin: gk_Tf0jVmsx0AkQE4GXr7OhluaBanJyMFjgRToFKE1oaAI
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE integration (
    id TEXT NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    mode TEXT NOT NULL CHECK (mode IN ('per-user', 'shared')),
    definition TEXT NOT NULL,
    clientSecret BLOB,
    revision INTEGER NOT NULL,
    createdAt INTEGER NOT NULL,
    updatedAt INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO integration VALUES('integration-2gsqkcr952yq10e9n4bkh8jn','mock','per-user','{"slug":"mock","name":"Mock","type":"custom","category":null,"description":null,"mode":"per-user","authType":"oauth2","authUri":"http://127.0.0.1:9/authorize","tokenUri":"http://127.0.0.1:9/token","revocationUri":"http://127.0.0.1:9/revoke","apiBaseUri":"http://127.0.0.1:9/api","scope":"files.read files.write","clientId":"grantkeeper-tests","clientAuthentication":"post","grant":"authorization_code","authorizationParameters":{},"tokenParameters":{},"issuer":null,"issuerRequired":false,"redirect":"common","apiHosts":[],"sharedManagers":[],"allowedUsers":null,"credentialPlacement":null,"headers":{},"forwardHeaders":[],"revokesReplacedTokens":false,"credentialTestPath":null}',X'011c6b65792d6437346a74746e7676646b396d7730686668706d33346e798ac2e3d18d0e73afec986006c13b9ab15ef24d940322dfded18f34e8e1d8915fbdb6082eea46828e897cf8cc96f0b44ef584d8797e0e4a',1,1795528047,1795528047);
INSERT INTO integration VALUES('integration-9n50gf6xhjwz70xwpzfbytpb','kept','per-user','{"slug":"kept","name":"Mock","type":"custom","category":null,"description":null,"mode":"per-user","authType":"bearer","authUri":null,"tokenUri":null,"revocationUri":null,"apiBaseUri":"http://placeholder.test/keyed","scope":null,"clientId":null,"clientAuthentication":"post","grant":"authorization_code","authorizationParameters":{},"tokenParameters":{},"issuer":null,"issuerRequired":false,"redirect":"common","apiHosts":[],"sharedManagers":[],"allowedUsers":null,"credentialPlacement":null,"headers":{},"forwardHeaders":[],"revokesReplacedTokens":false,"credentialTestPath":null}',NULL,1,1795528047,1795528047);
CREATE TABLE sealingKey (
    id TEXT NOT NULL PRIMARY KEY,
    proof BLOB NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO sealingKey VALUES('key-d74jttnvvdk9mw0hfhpm34ny',X'011c6b65792d6437346a74746e7676646b396d7730686668706d33346e7992013ea81907232d5c07072820e464a8f3541ed95d2e0f70460991b5bfb6e10e59fc5e7834175b');
CREATE TABLE connection (
    id TEXT NOT NULL PRIMARY KEY,
    integrationId TEXT NOT NULL REFERENCES integration (id),
    -- The user whose connection it is; '' for the integration's shared one.
    holder TEXT NOT NULL,
    ownerId TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('active', 'reauthorization_required')),
    statusReason TEXT,
    statusSince INTEGER NOT NULL,
    credential BLOB NOT NULL,
    scope TEXT,
    tokenExpiresAt INTEGER,
    refreshTokenExpiresAt INTEGER,
    data TEXT NOT NULL,
    -- Only grows: with each token that is stored.
    generation INTEGER NOT NULL,
    lastAuthorizedAt INTEGER NOT NULL,
    createdAt INTEGER NOT NULL,
    updatedAt INTEGER NOT NULL,
    UNIQUE (integrationId, holder)
) STRICT, WITHOUT ROWID;
INSERT INTO connection VALUES('conn-sexz9d921fx7hbpj7c9esk87','integration-9n50gf6xhjwz70xwpzfbytpb','alice','alice','active',NULL,1795528047,X'011c6b65792d6437346a74746e7676646b396d7730686668706d33346e797a2f57a73fb1958b25aefa8ecd7b9e783ce2a85e6be2c771db24381435250a04291554f53c489e3538b1cdc8bc447c81',NULL,NULL,NULL,'{}',1,1795528047,1795528047,1795528047);
INSERT INTO connection VALUES('conn-z3fea7ymec8wcsc1c3c8bzrt','integration-2gsqkcr952yq10e9n4bkh8jn','alice','alice','active',NULL,1795528047,X'011c6b65792d6437346a74746e7676646b396d7730686668706d33346e798690badceedb635acef5ea3887ec4f6a336e2a3aaa963bb135925ff8d71e1ecee216a9e82865183a838638a0710bba3e35f05bacbc364ba527e5e6b6b78f172e524255acf66b5fe6bc5591f08d2c0ee83ee3a2ea7e47b85777106de2485eab72ffaec98ecaa17e8341de801b7b54f533f2039e927cc88bab91231c83aff86cf7678d10a7093d0348c97da0a8060638be36b84d2b9773e430ea55bdcdeebfd16b7198e587ffcf','files.read files.write',4102444800,NULL,'{}',1,1795528047,1795528047,1795528047);
INSERT INTO connection VALUES('conn-z4m55gkd215k0veczr46ey08','integration-2gsqkcr952yq10e9n4bkh8jn','bob','bob','reauthorization_required','invalid_grant',1795528047,X'011c6b65792d6437346a74746e7676646b396d7730686668706d33346e798c4ab1fab7c759747e064a840f3bd9238381aeba89926f472946fbad157baee2273a6588082a7097c71a7658e925e72eea4ef09da54636ceda54bfd80df0a8a6500113deb73de70e0731cb40d38d8477e273204cace2684dc54d9ae734781c4ff782b842d4840bd67b6e7ab5fdd5a91e01659ef3b7ddc5284b0b29cf87217f287d9e157f3682f317e4827ab257ed0af71028e51703f9788624e8fa6f291546b83a3780862ddc','files.read files.write',4102444800,NULL,'{}',1,1795528047,1795528047,1795528047);
CREATE TABLE session (
    idHash BLOB NOT NULL PRIMARY KEY,
    userId TEXT NOT NULL,
    isSuperuser INTEGER NOT NULL,
    lastUsedAt INTEGER NOT NULL,
    expiresAt INTEGER NOT NULL,
    createdAt INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO session VALUES(X'1ce0be0159d7349d4b017d68265b5291e2602ac07bd677e5b17d6ccf98f445c4','carol',0,4102444800,4102444800,1795528047);
INSERT INTO session VALUES(X'58596afa2bc25465459f9c3d376c423968ad0e380aa68445ff358f62fa9ab5ef','dave',0,4102444800,4102444800,1795528047);
INSERT INTO session VALUES(X'd83affa9792e6e472b1d1b104f841115cbd4eea1ab01b0a8d3bac21a70bf9860','alice',0,4102444800,4102444800,1795528047);
INSERT INTO session VALUES(X'fc899cabbcd049cdca621498171b8ce551819e984b3d155c0229d0df60fd8812','bob',0,4102444800,4102444800,1795528047);
CREATE TABLE sessionTicket (
    ticketHash BLOB NOT NULL PRIMARY KEY,
    -- The session's id, sealed under the ticket itself.
    sealedSession BLOB NOT NULL,
    userId TEXT NOT NULL,
    returnTo TEXT,
    expiresAt INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO sessionTicket VALUES(X'353544df4c74b2c45dc29fc9966618a3561d2a3c605a4910efdc03e959b2d8b5',X'1b32e3ce1aaedf929acd521c51c12fbf792bff6d67641ceb2dd99403be3b033a855798bcb5bd0b90db94d2c87542f16975679e75deec1425bf12ec2989168e727b10058e0101f8','bob',NULL,4102444800);
INSERT INTO sessionTicket VALUES(X'4e0e3ec6256c72663a76670f9169c93f8667cb87efab7540d44016cc7bd25669',X'36e8b7f36e29c4d9dfc41e48749df2b9fe9e59ddec1c2b31833782d5b95ea20a3158f1ee797a500233ecac605061d480cbe2ac3715bcc917682289c829a9af56f15dab18a543bb','dave',NULL,4102444800);
INSERT INTO sessionTicket VALUES(X'84a95570e9760025d42d62ef55070d990a37888cc8d5b4309f6c5b71cb3c1b89',X'b02cb5cbb675958599d395bbb84be228c4608b22fdc13c1adec4be0d46a7eed8b24c662556d467d4dee9a8c669153166e0afd07a7fb1d9a933ae557badbd55009a7ad3f9fbdad4','carol',NULL,4102444800);
INSERT INTO sessionTicket VALUES(X'cb12e79d397a7ee2bac0926ec72d702a53816b8f0b5ebb7f4dd82c5efc29670f',X'9c66d77ce99b9465bb0fe45d7c0d57f43215c40c70f9063e3b44c06cff930d1dcada4c41c930bd71fdfb0523905b9339a39c29f361413579a520a71c0d5ad57ca91f112d7cc5b0','alice',NULL,4102444800);
CREATE TABLE apiKey (
    keyHash BLOB NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    userId TEXT NOT NULL,
    isSuperuser INTEGER NOT NULL,
    expiresAt INTEGER,
    createdAt INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO apiKey VALUES(X'5aca7dbdbec80d244c215684c63253fa76b46185ed1a1b8cbbf7817f6306ad7a','key-q4ps4ctjjyfwnp07zpd4vqyr','','admin',1,NULL,1795528046);
CREATE TABLE pendingAuthorization (
    stateHash BLOB NOT NULL PRIMARY KEY,
    browserHash BLOB NOT NULL,
    sessionHash BLOB,
    userId TEXT NOT NULL,
    isSuperuser INTEGER NOT NULL,
    integrationId TEXT NOT NULL REFERENCES integration (id) ON DELETE CASCADE,
    codeVerifier BLOB NOT NULL,
    redirectUri TEXT NOT NULL,
    returnTo TEXT,
    isPopup INTEGER NOT NULL,
    expiresAt INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO pendingAuthorization VALUES(X'51101f967522cb048dea90a4122fae298f1d97f3541735e482ac0fa2d55947ab',X'9b49d7eccb989ef1e40378d580e50ffe51f55d44734c1fe7c38b9ed974df02e5',X'd83affa9792e6e472b1d1b104f841115cbd4eea1ab01b0a8d3bac21a70bf9860','alice',0,'integration-2gsqkcr952yq10e9n4bkh8jn',X'011c6b65792d6437346a74746e7676646b396d7730686668706d33346e79e14a32c1203d47ed2a51a441e83b8fdc0f30bf5d5ef308019ce9fd75f73aaafacdde938984eaa2ece0ba7a6b85f84ff178d1fadc700e75b5d71e1ac2483c3387b9e96fb43f36ea','http://127.0.0.1:9/oauth2/callback',NULL,0,4102444800);
CREATE TABLE revocation (
    id TEXT NOT NULL PRIMARY KEY,
    integrationId TEXT NOT NULL,
    -- Where and as whom to revoke, as it was when the connection went.
    endpoint TEXT NOT NULL,
    clientSecret BLOB,
    credential BLOB NOT NULL,
    attempts INTEGER NOT NULL,
    nextAttemptAt INTEGER NOT NULL,
    lastError TEXT,
    expiresAt INTEGER NOT NULL,
    createdAt INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO revocation VALUES('revocation-wk14rsd42na9qazfy5t1cv1a','integration-2gsqkcr952yq10e9n4bkh8jn','{"url":"http://127.0.0.1:9/revoke","clientId":"grantkeeper-tests","clientAuthentication":"post"}',X'011c6b65792d6437346a74746e7676646b396d7730686668706d33346e7941a224d35e3be9e506c11166b6da5e7cac32a2c58b2f8074d1a12c85205a58b8e0f73319afbb8de78357eece38f186c971b3d767e87088',X'011c6b65792d6437346a74746e7676646b396d7730686668706d33346e79c9448fa15b874d875de1dcad30b3250e4fa245aa9bcf3b9cdcbdabed2d4efcd243e23130baf8ea4e868a4e7c420aa8ca904ce9c3f9badfb0802daa429f3b5212150b0933467169a2aff31bad0983e663e3e5f58f01d893510ced9f724a2bcadfb65dedd665a5e81bd431d3e9642ec748e502c2c39feffb8244f1c41d01821ba8bcf6b366e96c40aee660b84c2e2b001fbaf58660f77389912e7d577987534b42a0a681344ac9',0,1795528077,'the provider can''t be reached: no connection: Failed to connect to 127.0.0.1 port 19428 after 0 ms: Couldn''t connect to server',4102444800,1795528047);
CREATE INDEX connectionByHolder ON connection (holder, createdAt, id);
CREATE INDEX sessionByExpiry ON session (expiresAt);
CREATE INDEX sessionByUse ON session (lastUsedAt);
CREATE INDEX sessionTicketByExpiry ON sessionTicket (expiresAt);
CREATE INDEX pendingAuthorizationByExpiry ON pendingAuthorization (expiresAt);
CREATE INDEX pendingAuthorizationBySession ON pendingAuthorization (sessionHash);
CREATE INDEX pendingAuthorizationByIntegration ON pendingAuthorization (integrationId);
CREATE INDEX revocationByDue ON revocation (nextAttemptAt);
COMMIT;
PRAGMA user_version = 1;
PRAGMA journal_mode = WAL;
