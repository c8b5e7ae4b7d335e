-- key ring: key-bzgf5n1g4bz2zm22fvbjeed2 B7vk2yb+/uACa8X1eyMaPjj/gqMtjXwSU+Mc+JvoWng=
-- key of admin: gk_Mt0sadArDvSgmar8UWOqenPTfy96B6rc88KhxrxG8B8
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
INSERT INTO integration VALUES('integration-7j1jjaewez7x444q1wk1h7p6','mock','per-user','{"slug":"mock","name":"Mock","type":"custom","category":null,"description":null,"mode":"per-user","authType":"oauth2","authUri":"http://127.0.0.1:9/authorize","tokenUri":"http://127.0.0.1:9/token","revocationUri":"http://127.0.0.1:9/revoke","apiBaseUri":"http://127.0.0.1:9/api","scope":"files.read files.write","clientId":"grantkeeper-tests","clientAuthentication":"post","grant":"authorization_code","authorizationParameters":{},"tokenParameters":{},"issuer":null,"issuerRequired":false,"redirect":"common","apiHosts":[],"sharedManagers":[],"allowedUsers":null,"credentialPlacement":null,"headers":{},"forwardHeaders":[],"revokesReplacedTokens":false,"credentialTestPath":null}',X'011c6b65792d627a6766356e316734627a327a6d32326676626a65656432892bdc253905f1455e7b40cfde28d112621bee2f5a9c87dd4edd7265ec0091cfc4bfabdac3ec3eb02bccfa383d402724e95ca2bd6db044',1,1795529916,1795529916);
INSERT INTO integration VALUES('integration-n3ze07ttaejm48j8n45ajprz','kept','per-user','{"slug":"kept","name":"Mock","type":"custom","category":null,"description":null,"mode":"per-user","authType":"bearer","authUri":null,"tokenUri":null,"revocationUri":null,"apiBaseUri":"http://placeholder.test/keyed","scope":null,"clientId":null,"clientAuthentication":"post","grant":"authorization_code","authorizationParameters":{},"tokenParameters":{},"issuer":null,"issuerRequired":false,"redirect":"common","apiHosts":[],"sharedManagers":[],"allowedUsers":null,"credentialPlacement":null,"headers":{},"forwardHeaders":[],"revokesReplacedTokens":false,"credentialTestPath":null}',NULL,1,1795529915,1795529915);
CREATE TABLE sealingKey (
    id TEXT NOT NULL PRIMARY KEY,
    proof BLOB NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO sealingKey VALUES('key-bzgf5n1g4bz2zm22fvbjeed2',X'011c6b65792d627a6766356e316734627a327a6d32326676626a656564320fbce78e667823c5b14a5319b36931e4f2992729ef9b2e38bb2467892e5b9cd762b5bae61c6581');
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
    updatedAt INTEGER NOT NULL, refreshedAt INTEGER, lastUsedAt INTEGER, keepAliveAt INTEGER,
    UNIQUE (integrationId, holder)
) STRICT, WITHOUT ROWID;
INSERT INTO connection VALUES('conn-b22zj74t6qcxkbqbbeb2qsgz','integration-n3ze07ttaejm48j8n45ajprz','alice','alice','active',NULL,1795529916,X'011c6b65792d627a6766356e316734627a327a6d32326676626a656564328e99f52434130fd23b791f7b2583d6cb9e7eac657b8e550e142d0cb20631d6f6720a1c812d4b8d7f2527b20433a1cf87',NULL,NULL,NULL,'{}',1,1795529916,1795529916,1795529916,1795529916,NULL,NULL);
INSERT INTO connection VALUES('conn-f0efem5ca486jr9zgj63r18p','integration-7j1jjaewez7x444q1wk1h7p6','alice','alice','active',NULL,1795529916,X'011c6b65792d627a6766356e316734627a327a6d32326676626a65656432049b620ffe06bdf3bb53bdddbd390d9d117ab52460daa719f3845b1a2e790edff6a642b489eb21917eb6ba97e56c1b507e2fc31df837a262b8147cfd5e9bd19dcda929dfa901ef434ecf2033688e5bb4690ec2d2e622193b8bd2bb1bec9d9b8d6d480ebf71b82f756838758c291ffb0d117618d68bfa2fbd6a086a86a53e4a2714490478a9662c187f41fc0290c62a96d8fb0caecea267df14c63bb20deaffcc8cc21de5b5a7','files.read files.write',4102444800,NULL,'{}',1,1795529916,1795529916,1795529916,1795529916,NULL,1796117305);
INSERT INTO connection VALUES('conn-xg5yzpbrjnmznwxr8qase223','integration-7j1jjaewez7x444q1wk1h7p6','bob','bob','reauthorization_required','invalid_grant',1795529916,X'011c6b65792d627a6766356e316734627a327a6d32326676626a656564323ac2be14b2beb7f8dea191fc7798967b1542a3bb9b01d7a1cdb351b7a987dc5307a08aede8d6d4a6ba4ce50fd786cbaf4f3be346d2a20917ddec1181609201d8a7f35f135ef63507f5d888b8f89c7b9e0b3115eb14f7fff6a96e87fedeb6ba444c6f49bc994d028b2d4ad8cca55c960f09652e7e81141071a5bbc5035b75def14f25ace49015385addea0bffb4b8f497cd25aa74acb27963d1639566192dd73751d788ee4d76','files.read files.write',4102444800,NULL,'{}',1,1795529916,1795529916,1795529916,1795529916,1795529916,1796131870);
CREATE TABLE session (
    idHash BLOB NOT NULL PRIMARY KEY,
    userId TEXT NOT NULL,
    isSuperuser INTEGER NOT NULL,
    lastUsedAt INTEGER NOT NULL,
    expiresAt INTEGER NOT NULL,
    createdAt INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO session VALUES(X'1b4a3b9a999c7ac677d09df4f820a900fda45fec7c753f26a3746ada13b08217','dave',0,4102444800,4102444800,1795529916);
INSERT INTO session VALUES(X'2d103c3442cad030736260c0c5854a7227a576ebf42c7a3aaf42ba6be97176e0','carol',0,4102444800,4102444800,1795529916);
INSERT INTO session VALUES(X'655ad7d14d18106dcb7870a4616320be30a3cff3e96e3c7dda5b7f3b94716cd7','alice',0,4102444800,4102444800,1795529916);
INSERT INTO session VALUES(X'cac26b276a6485de09de3312dfd84709b123710ad6e71212a75c188e0fc08655','bob',0,4102444800,4102444800,1795529916);
CREATE TABLE sessionTicket (
    ticketHash BLOB NOT NULL PRIMARY KEY,
    -- The session's id, sealed under the ticket itself.
    sealedSession BLOB NOT NULL,
    userId TEXT NOT NULL,
    returnTo TEXT,
    expiresAt INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO sessionTicket VALUES(X'2bf76e94a8e36798538a465ce2479c01eebaf940102fe67bd71ea23d1c7320eb',X'1129137fdecc849b983a24df6a0a1540e22913e4a2bbc807c6f7157cd6d39ef7e1d10ec6d8285fba765fcd37b0e00740b990adf20f5cdd392a47b83d4610bd0cb807950520429e','alice',NULL,4102444800);
INSERT INTO sessionTicket VALUES(X'7e087584b20245a40445c816980f848611c2c20b04a7756bdf10cb06ecdd5f4f',X'bddbc2baffd951c34aa59c7facc5932d4afac7da9b4246880d4b38650edf5ccdb5b145c222a47eaa5c8c33880223bc606ee93fbbcbc03bc34c57417d0b9203c4ab37a1b94bd843','dave',NULL,4102444800);
INSERT INTO sessionTicket VALUES(X'8af40610554a769126b370cf2bf87db77314a5b4b332531b42c69bf488e6f1a1',X'367c98aeef0e14c185a0bda7aa87127e9d20f3a656ee0d52798e0acbc4b8300dfb1660967a92ac209179e0708101b7b523af75181ceedefcc70d9f3c9b4d35da53b76333359aea','bob',NULL,4102444800);
INSERT INTO sessionTicket VALUES(X'a55838e0b1b5013625d21d8c50c3a5b0cfaa772938a53634b1a59d90b9b1ca92',X'f71d8f34bb24ede3ef041b52964fc95bad1469988f2c3b6d2e410f09c3f1e25412f9ba42a77a35ffde46a181d72c558d5915983dd78062c2d951b76bddf51aefe2015484c29c7a','carol',NULL,4102444800);
CREATE TABLE apiKey (
    keyHash BLOB NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    userId TEXT NOT NULL,
    isSuperuser INTEGER NOT NULL,
    expiresAt INTEGER,
    createdAt INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO apiKey VALUES(X'01179fedfb5b775cf608c965186254be2bf9a6c37787afb423812c7fce3b5382','key-taccw1mn3ey5j2q2dmbnfxj1','','admin',1,NULL,1795529915);
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
INSERT INTO pendingAuthorization VALUES(X'd0d0a14de7d21d041d45102b18b54dff222a84a3b2f68221f14b364a53d3b0de',X'90f2ce7730c4f9448ab6f24776666d9339fa69a53d1cdf87f7b80ed068a38f1c',X'655ad7d14d18106dcb7870a4616320be30a3cff3e96e3c7dda5b7f3b94716cd7','alice',0,'integration-7j1jjaewez7x444q1wk1h7p6',X'011c6b65792d627a6766356e316734627a327a6d32326676626a65656432c9be65db44bc78847cbad2e36d5fe7237d15217ee7021e9bdf59aa3d4749394493f4885096e3b97669928ac4a1e00151e9f62edc58758a5a59bc423427e3f6433aa3fd847fff4d','http://127.0.0.1:9/oauth2/callback',NULL,0,4102444800);
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
, holder TEXT, afterConnection TEXT) STRICT, WITHOUT ROWID;
INSERT INTO revocation VALUES('revocation-34z18me33kxxr82bx1z0p7pg','integration-7j1jjaewez7x444q1wk1h7p6','{"url":"http://127.0.0.1:9/revoke","clientId":"grantkeeper-tests","clientAuthentication":"post"}',X'011c6b65792d627a6766356e316734627a327a6d32326676626a65656432bda92a637faa7d33d9a691fa7eabfcbcb7a5989f48e8e70f93bff06d7c023a757922588dd35ea1c6f8e6844ba6e20bd950803c3c2e3589',X'011c6b65792d627a6766356e316734627a327a6d32326676626a656564323ca9d82fe37449c768b99bb56a0d7275cced69961db9690d28fbcb9527a7677a9e0bc6d051b7fec2da78e89d0218c0e2ece7ea6f225a377691c888ee5752bf09e400c50dc349331510cb88abd595bb087a62af588e6ede6e7ca55a567b453b8b4224bc27aa96390c97a67f3f92c92e37b5823fc3e63b4a50d93d634f1ebc82fd5b236832535f3bda705888b84d517d262c3f013cb430be83f33ff5bc1c63bef1ea06486537c6',0,1795529916,NULL,4102444800,1795529916,'carol',NULL);
CREATE TABLE lease (
    name TEXT NOT NULL PRIMARY KEY,
    generation INTEGER NOT NULL,
    holder TEXT NOT NULL,
    deadline INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX connectionByHolder ON connection (holder, createdAt, id);
CREATE INDEX sessionByExpiry ON session (expiresAt);
CREATE INDEX sessionByUse ON session (lastUsedAt);
CREATE INDEX sessionTicketByExpiry ON sessionTicket (expiresAt);
CREATE INDEX pendingAuthorizationByExpiry ON pendingAuthorization (expiresAt);
CREATE INDEX pendingAuthorizationBySession ON pendingAuthorization (sessionHash);
CREATE INDEX pendingAuthorizationByIntegration ON pendingAuthorization (integrationId);
CREATE INDEX revocationByDue ON revocation (nextAttemptAt);
CREATE INDEX connectionByKeepAlive ON connection (keepAliveAt)
    WHERE status = 'active';
CREATE INDEX connectionByTokenExpiry ON connection (tokenExpiresAt)
    WHERE status = 'active';
CREATE INDEX connectionByStatus ON connection (status);
CREATE INDEX revocationByConnection ON revocation (afterConnection)
    WHERE afterConnection IS NOT NULL;
COMMIT;
PRAGMA user_version = 2;
PRAGMA journal_mode = WAL;
