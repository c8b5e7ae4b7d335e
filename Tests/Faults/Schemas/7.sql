-- key ring: key-4vsya5vcx3m797z7ehywp5hc toVsajaHOVgYCDxFFewm/TydcQiEjPX+0MeBpHWMbAo=
-- key of admin: gk_JorTjk98XrMe3rK09NgRfUIGxAwAavbLufkP6pri_1g
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
, given TEXT, metadataDueAt INTEGER) STRICT, WITHOUT ROWID;
INSERT INTO integration VALUES('integration-8fqhkdqe6m2006jdad2f9yat','kept','per-user','{"slug":"kept","name":"Mock","type":"custom","category":null,"description":null,"mode":"per-user","authType":"bearer","authUri":null,"tokenUri":null,"revocationUri":null,"apiBaseUri":"http://placeholder.test/keyed","scope":null,"clientId":null,"clientAuthentication":"post","grant":"authorization_code","keyId":null,"signingAlgorithm":null,"assertion":{"issuer":null,"subject":null,"audience":null,"scope":"claim"},"authorizationParameters":{},"scopeSeparator":" ","scopeParameter":"scope","scopeImplies":{},"pkce":true,"resource":[],"tokenParameters":{},"tokenHeaders":{},"tokenFormat":"form","tokenResponse":{"at":null,"accessToken":null,"refreshToken":null,"expiresIn":null,"expiresAt":null,"refreshTokenExpiresIn":null,"scope":null,"tokenType":null,"lifetime":null,"tokenTypes":[],"failure":null},"refresh":{"uri":null,"parameters":{},"grantType":"refresh_token","parameter":"refresh_token","with":"refresh_token","rotation":null,"dead":[]},"lookup":null,"callbackSignature":null,"issuer":null,"issuerRequired":false,"redirect":"common","apiHosts":[],"connectionData":{},"sharedManagers":[],"allowedUsers":null,"revocation":null,"credentialForm":{"username":null,"password":null,"apiKey":null,"token":null,"help":null},"credentialPlacement":null,"headers":{},"forwardHeaders":[],"revokesReplacedTokens":false,"credentialTestPath":null,"limits":{"requestsPerSecond":null,"burst":null,"concurrent":null},"timeouts":{"connect":null,"head":null,"idle":null},"retries":{"attempts":3,"honoursIdempotencyKey":false},"rateLimit":null}',NULL,1,1795971684,1795971684,'{"slug":"kept","name":"Mock","apiBaseUri":"http://placeholder.test/keyed","authType":"bearer"}',NULL);
INSERT INTO integration VALUES('integration-fqhk25wcn3cn7c85x5rh3sgn','mock','per-user','{"slug":"mock","name":"Mock","type":"custom","category":null,"description":null,"mode":"per-user","authType":"oauth2","authUri":"http://127.0.0.1:9/authorize","tokenUri":"http://127.0.0.1:9/token","revocationUri":"http://127.0.0.1:9/revoke","apiBaseUri":"http://127.0.0.1:9/api","scope":"files.read files.write","clientId":"grantkeeper-tests","clientAuthentication":"post","grant":"authorization_code","keyId":null,"signingAlgorithm":null,"assertion":{"issuer":null,"subject":null,"audience":null,"scope":"claim"},"authorizationParameters":{},"scopeSeparator":" ","scopeParameter":"scope","scopeImplies":{},"pkce":true,"resource":[],"tokenParameters":{},"tokenHeaders":{},"tokenFormat":"form","tokenResponse":{"at":null,"accessToken":null,"refreshToken":null,"expiresIn":null,"expiresAt":null,"refreshTokenExpiresIn":null,"scope":null,"tokenType":null,"lifetime":null,"tokenTypes":[],"failure":null},"refresh":{"uri":null,"parameters":{},"grantType":"refresh_token","parameter":"refresh_token","with":"refresh_token","rotation":null,"dead":[]},"lookup":null,"callbackSignature":null,"issuer":null,"issuerRequired":false,"redirect":"common","apiHosts":[],"connectionData":{},"sharedManagers":[],"allowedUsers":null,"revocation":null,"credentialForm":{"username":null,"password":null,"apiKey":null,"token":null,"help":null},"credentialPlacement":null,"headers":{},"forwardHeaders":[],"revokesReplacedTokens":false,"credentialTestPath":null,"limits":{"requestsPerSecond":null,"burst":null,"concurrent":null},"timeouts":{"connect":null,"head":null,"idle":null},"retries":{"attempts":3,"honoursIdempotencyKey":false},"rateLimit":null}',X'011c6b65792d347673796135766378336d3739377a376568797770356863ab6290c7520404e6da25d184cbfc9d504f42a4dde3634d14e71b384592e37e9bbde443bfb742cfea7ce55cb47675604d97a0ca985f623b',1,1795971684,1795971684,'{"slug":"mock","name":"Mock","authUri":"http://127.0.0.1:9/authorize","tokenUri":"http://127.0.0.1:9/token","revocationUri":"http://127.0.0.1:9/revoke","apiBaseUri":"http://127.0.0.1:9/api","scope":"files.read files.write","clientId":"grantkeeper-tests"}',NULL);
CREATE TABLE sealingKey (
    id TEXT NOT NULL PRIMARY KEY,
    proof BLOB NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO sealingKey VALUES('key-4vsya5vcx3m797z7ehywp5hc',X'011c6b65792d347673796135766378336d3739377a3765687977703568639e9fe6808bf94ae5bd84a35a3748c41ee2899fd4c3f5a46f5948ec45979146955a3d36cb4c9e43');
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
    updatedAt INTEGER NOT NULL, refreshedAt INTEGER, lastUsedAt INTEGER, keepAliveAt INTEGER, refreshTrouble TEXT, lacksRefreshToken INTEGER NOT NULL DEFAULT 0,
    UNIQUE (integrationId, holder)
) STRICT, WITHOUT ROWID;
INSERT INTO connection VALUES('conn-1wn5gw9v50gbg17dc7250qnr','integration-fqhk25wcn3cn7c85x5rh3sgn','alice','alice','active',NULL,1795971684,X'011c6b65792d347673796135766378336d3739377a3765687977703568637bf41ba32611cf36c668da029b33b073cd3dd244330c41c0a90ca74348c68763e2ac9605f3035ef4d5273173c8744ef45c15ce7323c25c52e9ab4956378f04ed8b0f36eb1b28e021e73f476bcf6dc974d9892877fa7a33e9bf4fb91633c47e8fca09fb25deee6fd076a473bd093afbe3bb3dfebbf68ccff1a7404df8a5a4a759ef42d460e49dbc2c51c6b60634f001065d4c95915483188e688908b38911dd4e29bbe35f1631','files.read files.write',4102444800,NULL,'{}',1,1795971684,1795971684,1795971684,1795971684,NULL,1796488835,NULL,0);
INSERT INTO connection VALUES('conn-4f4ech5nrbsda99s2901fjne','integration-fqhk25wcn3cn7c85x5rh3sgn','bob','bob','reauthorization_required','invalid_grant',1795971684,X'011c6b65792d347673796135766378336d3739377a376568797770356863bdcba4c9fde64f8f64a42d9a0ebc921746e3aa4e52cba0c94ab5c121d213e572d4790e202e14565f54c62b78e96896968ea42cc8188c7271d4024caa803bcbe14c331e270d92eb19291250314da076df9eb12d156c309a9aca35a7188f43a41600869d947244f638c59d860c4622b09f4f4bec8ad0c6528a615a6007705e62b770b88330ce18e319b5b733a4ffb930ce8ca4f23bf10d530f69fa32469507c85cc234af7593ac','files.read files.write',4102444800,NULL,'{}',1,1795971684,1795971684,1795971684,1795971684,NULL,1796472799,NULL,0);
INSERT INTO connection VALUES('conn-htwej748bfagnq04dkmf6h1c','integration-8fqhkdqe6m2006jdad2f9yat','alice','alice','active',NULL,1795971684,X'011c6b65792d347673796135766378336d3739377a3765687977703568631311e04c4a04b101b2f1c597d559c62e256d20417c573a7d95ab54a30f9fbb1d5df8f9eebcafb29fd5704728ce6a24e0',NULL,NULL,NULL,'{}',1,1795971684,1795971684,1795971684,1795971684,NULL,NULL,NULL,0);
CREATE TABLE session (
    idHash BLOB NOT NULL PRIMARY KEY,
    userId TEXT NOT NULL,
    isSuperuser INTEGER NOT NULL,
    lastUsedAt INTEGER NOT NULL,
    expiresAt INTEGER NOT NULL,
    createdAt INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO session VALUES(X'275dee47f15c33f9ce4e5c5094fec3a029f2dc23bff15f2fb1a4a48838b8197b','carol',0,4102444800,4102444800,1795971684);
INSERT INTO session VALUES(X'5394926ce5504a3e84da6a87186faf4ad22aef35ca776f7cb11a2969f1a3bca6','dave',0,4102444800,4102444800,1795971685);
INSERT INTO session VALUES(X'6c3105f9c5554a2839c8068a21b4be74d0830e610a0d28140cc4cfc265ad3f8e','alice',0,4102444800,4102444800,1795971684);
INSERT INTO session VALUES(X'aa84f8f06d72d169836155441784d70cb0ac958f509b6bf8df4244b3f8d1ddac','bob',0,4102444800,4102444800,1795971684);
CREATE TABLE sessionTicket (
    ticketHash BLOB NOT NULL PRIMARY KEY,
    -- The session's id, sealed under the ticket itself.
    sealedSession BLOB NOT NULL,
    userId TEXT NOT NULL,
    returnTo TEXT,
    expiresAt INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO sessionTicket VALUES(X'44311918a848aedc5687b47eb5e13671d9bcd1d28b034f410e04a90af796eb6b',X'3dba1ca55a5bcae2c8cf2f575d094fdffb91704f6ea23e10ed8e89f212c89a774257d48dfb60507c4cb48027edce628de1e7364ab1deb499d3ec820296ce5efc474f2b22d6f30d','carol',NULL,4102444800);
INSERT INTO sessionTicket VALUES(X'8774e05feb85b5b11eccbe2eab30b15830a4df27f81565c2b9653b2f6b3e970f',X'c68f47bda0da2b0b7b47e26d6d17fdd76d95c69b7da9ac07606405cdfeda54f807fa93e19ff58bfbcb8830891a5b30f3897035f49d9397a24f2eaaa036e65377f15e6c11a3f166','dave',NULL,4102444800);
INSERT INTO sessionTicket VALUES(X'b8c5c4126e30b55ae19e5c5225a282b5e84edaa92eb2254986b9b3fb63bddb1b',X'7c74f7649f54d1be8179f9b55c036c3f5a145178d4ed6512cac9e4693ef6a8c14ff9cf8cc71c2593ee0b5d6be782f1df870753ad0c6e6664bbee9907c57cbc2b10cab809963f48','alice',NULL,4102444800);
INSERT INTO sessionTicket VALUES(X'd9a0c0148ad0db6a82df5538dbe439eaa86798839a9caa8d9efe3deceeaf21b0',X'ae2cdd64c056acec071a75a32d4dce721b34c529e0a85595c635bf19a6b86ca11795118227e907768789bf953d7375eab1022cb05f5e674e536e33e9a3a7ac625400048573664e','bob',NULL,4102444800);
CREATE TABLE apiKey (
    keyHash BLOB NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    userId TEXT NOT NULL,
    isSuperuser INTEGER NOT NULL,
    expiresAt INTEGER,
    createdAt INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO apiKey VALUES(X'd8c5c459db8e0a3ee74316ef09ca106821a161f9d8aa9420cae993529db13333','key-xnfkw6axyfnnyk2pmfz03qmt','','admin',1,NULL,1795971684);
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
, data TEXT NOT NULL DEFAULT '{}') STRICT, WITHOUT ROWID;
INSERT INTO pendingAuthorization VALUES(X'bc2c394fcbf7d7ff5a69e8ba91447b1cf17aae834afe08ae3a348323b6b8db5f',X'3dccf49238c823dc217e632d64cb674b0dfba85bcac6e8daa4551a7d6cc1745f',X'6c3105f9c5554a2839c8068a21b4be74d0830e610a0d28140cc4cfc265ad3f8e','alice',0,'integration-fqhk25wcn3cn7c85x5rh3sgn',X'011c6b65792d347673796135766378336d3739377a37656879777035686337b887bcee16c52c7a427c7d4119b7422c84dd7db7953f83ffa4613925ec9f8a087447782c68a06da00180ea632e5ab66bc9ecbc42e59dfbb37d299ed2e09f447f55abb9c8e88e','http://127.0.0.1:9/oauth2/callback',NULL,0,4102444800,'{}');
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
INSERT INTO revocation VALUES('revocation-8z2nemzjh75tpbhym4gndnmy','integration-fqhk25wcn3cn7c85x5rh3sgn','{"integration":"mock","url":"http://127.0.0.1:9/revoke","clientId":"grantkeeper-tests","clientAuthentication":"post","keyId":null,"algorithm":null,"issuer":null,"tokenEndpoint":"http://127.0.0.1:9/token","shape":{"method":"POST","tokens":["refresh_token","access_token"],"in":"form","name":"token","hint":true,"authentication":"client","headers":{},"parameters":{}},"renewal":null,"values":{}}',X'011c6b65792d347673796135766378336d3739377a37656879777035686341cc72025ec7e301f05899efbdc1ef7b5ba012fa7e1867978124f839df98d8f893e6fe856ff65d7eaa616fbfc1707cb4d6c01b6be87e1c',X'011c6b65792d347673796135766378336d3739377a376568797770356863a9da3286bbd04a2d324aeb426c73be83c1d6f82b09bcf639088ebd0d21f97ca640d28403cfc95ab605a4de2ba4ab4df336ecb82918190c72f6d01d613fea427e2204ee204b7379b6584637724e7d482e274d4b01f0d4ad53e35d3b9c4d1c63450e6f23ed0dac0963894bf80273c7d695708f6ce8f0fe2c51cc14e1fcbc0e01c7df9edff2cd0a106b7025ba66f679e5302514cc896d430572f65035f2a29a0302e8eb91c4262c',0,1795971685,NULL,4102444800,1795971685,'carol',NULL);
CREATE TABLE lease (
    name TEXT NOT NULL PRIMARY KEY,
    generation INTEGER NOT NULL,
    holder TEXT NOT NULL,
    deadline INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO lease VALUES('background',0,'p-zhph9bn741qnnkwxs7zkq477',23641376);
CREATE TABLE process (
    id TEXT NOT NULL PRIMARY KEY,
    pid INTEGER NOT NULL,
    keyIds TEXT NOT NULL,
    sealingKeyId TEXT NOT NULL,
    startedAt INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE lineage (
    id TEXT NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;
INSERT INTO lineage VALUES('461d4835080503168c97970eb91cc95e');
CREATE TABLE clientRefusal (
    integrationId TEXT NOT NULL PRIMARY KEY
        REFERENCES integration (id) ON DELETE CASCADE,
    -- Of the integration that was refused: what is changed since may be right.
    revision INTEGER NOT NULL,
    code TEXT NOT NULL,
    -- Whose refresh was refused last.
    connectionId TEXT,
    since INTEGER NOT NULL,
    lastAt INTEGER NOT NULL,
    refusals INTEGER NOT NULL,
    nextTryAt INTEGER NOT NULL,
    triedUntil INTEGER NOT NULL
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
CREATE TRIGGER integrationclientSecretINSERT BEFORE INSERT ON integration
WHEN length(NEW.clientSecret) > 0
    AND CAST(substr(NEW.clientSecret, 3, unicode(CAST(substr(NEW.clientSecret, 2, 1) AS TEXT)))
        AS TEXT) NOT IN (SELECT id FROM sealingKey)
BEGIN
    SELECT RAISE(ABORT, 'sealed with a key that is not in use');
END;
CREATE TRIGGER integrationclientSecretUPDATE BEFORE UPDATE OF clientSecret ON integration
WHEN length(NEW.clientSecret) > 0
    AND CAST(substr(NEW.clientSecret, 3, unicode(CAST(substr(NEW.clientSecret, 2, 1) AS TEXT)))
        AS TEXT) NOT IN (SELECT id FROM sealingKey)
BEGIN
    SELECT RAISE(ABORT, 'sealed with a key that is not in use');
END;
CREATE TRIGGER connectioncredentialINSERT BEFORE INSERT ON connection
WHEN length(NEW.credential) > 0
    AND CAST(substr(NEW.credential, 3, unicode(CAST(substr(NEW.credential, 2, 1) AS TEXT)))
        AS TEXT) NOT IN (SELECT id FROM sealingKey)
BEGIN
    SELECT RAISE(ABORT, 'sealed with a key that is not in use');
END;
CREATE TRIGGER connectioncredentialUPDATE BEFORE UPDATE OF credential ON connection
WHEN length(NEW.credential) > 0
    AND CAST(substr(NEW.credential, 3, unicode(CAST(substr(NEW.credential, 2, 1) AS TEXT)))
        AS TEXT) NOT IN (SELECT id FROM sealingKey)
BEGIN
    SELECT RAISE(ABORT, 'sealed with a key that is not in use');
END;
CREATE TRIGGER pendingAuthorizationcodeVerifierINSERT BEFORE INSERT ON pendingAuthorization
WHEN length(NEW.codeVerifier) > 0
    AND CAST(substr(NEW.codeVerifier, 3, unicode(CAST(substr(NEW.codeVerifier, 2, 1) AS TEXT)))
        AS TEXT) NOT IN (SELECT id FROM sealingKey)
BEGIN
    SELECT RAISE(ABORT, 'sealed with a key that is not in use');
END;
CREATE TRIGGER pendingAuthorizationcodeVerifierUPDATE BEFORE UPDATE OF codeVerifier ON pendingAuthorization
WHEN length(NEW.codeVerifier) > 0
    AND CAST(substr(NEW.codeVerifier, 3, unicode(CAST(substr(NEW.codeVerifier, 2, 1) AS TEXT)))
        AS TEXT) NOT IN (SELECT id FROM sealingKey)
BEGIN
    SELECT RAISE(ABORT, 'sealed with a key that is not in use');
END;
CREATE TRIGGER revocationclientSecretINSERT BEFORE INSERT ON revocation
WHEN length(NEW.clientSecret) > 0
    AND CAST(substr(NEW.clientSecret, 3, unicode(CAST(substr(NEW.clientSecret, 2, 1) AS TEXT)))
        AS TEXT) NOT IN (SELECT id FROM sealingKey)
BEGIN
    SELECT RAISE(ABORT, 'sealed with a key that is not in use');
END;
CREATE TRIGGER revocationclientSecretUPDATE BEFORE UPDATE OF clientSecret ON revocation
WHEN length(NEW.clientSecret) > 0
    AND CAST(substr(NEW.clientSecret, 3, unicode(CAST(substr(NEW.clientSecret, 2, 1) AS TEXT)))
        AS TEXT) NOT IN (SELECT id FROM sealingKey)
BEGIN
    SELECT RAISE(ABORT, 'sealed with a key that is not in use');
END;
CREATE TRIGGER revocationcredentialINSERT BEFORE INSERT ON revocation
WHEN length(NEW.credential) > 0
    AND CAST(substr(NEW.credential, 3, unicode(CAST(substr(NEW.credential, 2, 1) AS TEXT)))
        AS TEXT) NOT IN (SELECT id FROM sealingKey)
BEGIN
    SELECT RAISE(ABORT, 'sealed with a key that is not in use');
END;
CREATE TRIGGER revocationcredentialUPDATE BEFORE UPDATE OF credential ON revocation
WHEN length(NEW.credential) > 0
    AND CAST(substr(NEW.credential, 3, unicode(CAST(substr(NEW.credential, 2, 1) AS TEXT)))
        AS TEXT) NOT IN (SELECT id FROM sealingKey)
BEGIN
    SELECT RAISE(ABORT, 'sealed with a key that is not in use');
END;
CREATE INDEX pendingAuthorizationByUser ON pendingAuthorization (userId, expiresAt);
CREATE INDEX sessionByUser ON session (userId, lastUsedAt);
CREATE INDEX sessionTicketByUser ON sessionTicket (userId, expiresAt);
CREATE INDEX revocationByHolder ON revocation (integrationId, holder);
CREATE INDEX connectionInTrouble ON connection (status)
    WHERE refreshTrouble IS NOT NULL;
CREATE INDEX pendingAuthorizationByBrowser ON pendingAuthorization (browserHash);
COMMIT;
PRAGMA user_version = 7;
PRAGMA journal_mode = WAL;
