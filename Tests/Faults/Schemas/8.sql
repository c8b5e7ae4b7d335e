-- key ring: key-ddfa7bx5efsa36gja6c491b6 iXcAoTcmnQwI9XLxifcB+w/UM6nf40uMtzw9a/2CeVQ=
-- key of admin: gk_WpPKpHjmhGkixOwGFN7iCzlSIQlR1ZQGtTX4RLpvdo4
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
INSERT INTO integration VALUES('integration-6cgq159y941c52qegpwxj14v','mock','per-user','{"slug":"mock","name":"Mock","type":"custom","category":null,"description":null,"mode":"per-user","authType":"oauth2","sharedManagers":[],"allowedUsers":null,"authUri":"http://127.0.0.1:9/authorize","tokenUri":"http://127.0.0.1:9/token","revocationUri":"http://127.0.0.1:9/revoke","revocation":null,"apiBaseUri":"http://127.0.0.1:9/api","apiHosts":[],"issuer":null,"issuerRequired":false,"redirect":"common","grant":"authorization_code","scope":"files.read files.write","scopeSeparator":" ","scopeParameter":"scope","scopeImplies":{},"pkce":true,"resource":[],"authorizationParameters":{},"callbackSignature":null,"clientId":"grantkeeper-tests","clientAuthentication":"post","keyId":null,"signingAlgorithm":null,"assertion":{"issuer":null,"subject":null,"audience":null,"scope":"claim"},"tokenParameters":{},"tokenHeaders":{},"tokenFormat":"form","tokenResponse":{"at":null,"accessToken":null,"refreshToken":null,"expiresIn":null,"expiresAt":null,"refreshTokenExpiresIn":null,"refreshTokenExpiresAt":null,"scope":null,"tokenType":null,"lifetime":null,"tokenTypes":[],"failure":null},"refresh":{"uri":null,"parameters":{},"grantType":"refresh_token","parameter":"refresh_token","with":"refresh_token","rotation":null,"dead":[]},"revokesReplacedTokens":false,"connectionData":{},"lookup":null,"credentialForm":{"username":null,"password":null,"apiKey":null,"token":null,"help":null},"credentialTestPath":null,"credentialPlacement":null,"headers":{},"forwardHeaders":[],"followRedirects":false,"streamedTypes":[],"limits":{"requestsPerSecond":null,"burst":null,"concurrent":null},"timeouts":{"connect":null,"head":null,"idle":null},"connections":{"max":null,"wait":null,"idleMax":null,"idle":null},"retries":{"attempts":3,"honoursIdempotencyKey":false},"rateLimit":null}',X'011c6b65792d6464666137627835656673613336676a6136633439316236d7d2bb43d6717b50ca96181b5fcbdb436300408a88824f31fddc0ca76dccd75e5a8cf1a20199fff7b7216efe071979eed51007e5729a13',1,1795990233,1795990233,'{"slug":"mock","name":"Mock","authUri":"http://127.0.0.1:9/authorize","tokenUri":"http://127.0.0.1:9/token","revocationUri":"http://127.0.0.1:9/revoke","apiBaseUri":"http://127.0.0.1:9/api","scope":"files.read files.write","clientId":"grantkeeper-tests"}',NULL);
INSERT INTO integration VALUES('integration-r5kn2f4bvzragjg6swarmv10','kept','per-user','{"slug":"kept","name":"Mock","type":"custom","category":null,"description":null,"mode":"per-user","authType":"bearer","sharedManagers":[],"allowedUsers":null,"authUri":null,"tokenUri":null,"revocationUri":null,"revocation":null,"apiBaseUri":"http://placeholder.test/keyed","apiHosts":[],"issuer":null,"issuerRequired":false,"redirect":"common","grant":"authorization_code","scope":null,"scopeSeparator":" ","scopeParameter":"scope","scopeImplies":{},"pkce":true,"resource":[],"authorizationParameters":{},"callbackSignature":null,"clientId":null,"clientAuthentication":"post","keyId":null,"signingAlgorithm":null,"assertion":{"issuer":null,"subject":null,"audience":null,"scope":"claim"},"tokenParameters":{},"tokenHeaders":{},"tokenFormat":"form","tokenResponse":{"at":null,"accessToken":null,"refreshToken":null,"expiresIn":null,"expiresAt":null,"refreshTokenExpiresIn":null,"refreshTokenExpiresAt":null,"scope":null,"tokenType":null,"lifetime":null,"tokenTypes":[],"failure":null},"refresh":{"uri":null,"parameters":{},"grantType":"refresh_token","parameter":"refresh_token","with":"refresh_token","rotation":null,"dead":[]},"revokesReplacedTokens":false,"connectionData":{},"lookup":null,"credentialForm":{"username":null,"password":null,"apiKey":null,"token":null,"help":null},"credentialTestPath":null,"credentialPlacement":null,"headers":{},"forwardHeaders":[],"followRedirects":false,"streamedTypes":[],"limits":{"requestsPerSecond":null,"burst":null,"concurrent":null},"timeouts":{"connect":null,"head":null,"idle":null},"connections":{"max":null,"wait":null,"idleMax":null,"idle":null},"retries":{"attempts":3,"honoursIdempotencyKey":false},"rateLimit":null}',NULL,1,1795990233,1795990233,'{"slug":"kept","name":"Mock","apiBaseUri":"http://placeholder.test/keyed","authType":"bearer"}',NULL);
CREATE TABLE sealingKey (
    id TEXT NOT NULL PRIMARY KEY,
    proof BLOB NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO sealingKey VALUES('key-ddfa7bx5efsa36gja6c491b6',X'011c6b65792d6464666137627835656673613336676a6136633439316236f40051966b77a7ee68334c02edcd08cdae9188027e31c230698fe21b1930ed0e6d804053d92543');
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
INSERT INTO connection VALUES('conn-8ddz0aqwpc0s7d9kpkqtk2tb','integration-r5kn2f4bvzragjg6swarmv10','alice','alice','active',NULL,1795990233,X'011c6b65792d6464666137627835656673613336676a613663343931623618894e024cd1ea535158ed915368c9aac57853b04fd1284401a750e311bc53592482be6595f883587b9cb6b5e4a50eb3',NULL,NULL,NULL,'{}',1,1795990233,1795990233,1795990233,1795990233,NULL,NULL,NULL,0);
INSERT INTO connection VALUES('conn-h2n20z9kh59xtssbctr982m4','integration-6cgq159y941c52qegpwxj14v','alice','alice','active',NULL,1795990233,X'011c6b65792d6464666137627835656673613336676a61366334393162369d034d0641e0be28acf69d4e79083d1aa15d6fb0358dddc4a2db1c243df0f4ecba73c6dbf8d09d82ea4f419433594a1c7ac62421396e0b3444e9c397c5d9ebece3936180cf97a0e76075b11e48f09595d530e02a7ee34424072d2cd6be1e7338e8eb04b907bd40f9a1af8f2f7a132bb1a103a48f1053fe01b8d215311fad6cd44343580a654247b909fc58cc5fd21b170fef2525d297ddaec13b68082c3c702461ecd231a992','files.read files.write',4102444800,NULL,'{}',1,1795990233,1795990233,1795990233,1795990233,NULL,1796589610,NULL,0);
INSERT INTO connection VALUES('conn-wzkm1aw6rxpftb9sff9emq7e','integration-6cgq159y941c52qegpwxj14v','bob','bob','reauthorization_required','invalid_grant',1795990234,X'011c6b65792d6464666137627835656673613336676a6136633439316236c3708c33c7dd749ed40381f43d09e3e8835f8b091eb4ff7a0cbeeeb239ab29893aaff3874cb5dd006914db6b25782f495ff5172021edec563a83b96559493f3e648c1efe27e5902630a87a65370df295bf845a6868ce3bad6ed99dd61e7d00f7871e8632a75511a5d5f11bdc4320df9eff8120d20c47c1f9da5b4c777f8cbb6c66041808b799f72eac52e0f406926de1b721ecb836ed763b01c82a1ae76508260cc956d54480','files.read files.write',4102444800,NULL,'{}',1,1795990234,1795990234,1795990234,1795990234,NULL,1796551368,NULL,0);
CREATE TABLE session (
    idHash BLOB NOT NULL PRIMARY KEY,
    userId TEXT NOT NULL,
    isSuperuser INTEGER NOT NULL,
    lastUsedAt INTEGER NOT NULL,
    expiresAt INTEGER NOT NULL,
    createdAt INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO session VALUES(X'17d2efa7c61e9858f45d56457a6e9470e11a24055d1c6fda93e9ef8d41543269','alice',0,4102444800,4102444800,1795990233);
INSERT INTO session VALUES(X'9e90e327bb1f1e4aaf70559a7ff3ebdcbe88451b1d99aa7c8315f80ed2c01286','bob',0,4102444800,4102444800,1795990233);
INSERT INTO session VALUES(X'acac10f5fb813622a2048097bc28dd4c8d3dac19d8996a48dc5e1bdf047c332e','carol',0,4102444800,4102444800,1795990234);
INSERT INTO session VALUES(X'd052123a7896e87f4ed4cbb8584ffbc5ef893c6ef2fffe125b52635c7eafa742','dave',0,4102444800,4102444800,1795990234);
CREATE TABLE sessionTicket (
    ticketHash BLOB NOT NULL PRIMARY KEY,
    -- The session's id, sealed under the ticket itself.
    sealedSession BLOB NOT NULL,
    userId TEXT NOT NULL,
    returnTo TEXT,
    expiresAt INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO sessionTicket VALUES(X'4f6450367cd0d9bf5d71efc941bbe4a145815dd9ced50057e5774338025ed196',X'28a133d95c08e1ffa2065ade0b4980c07d8a40c70186e7b56ea8599320ea3a9264d3eaa046f769a424dfdb8d4b54af3465e7d3cf236435a5797022365a69bb6f4a350fafddb11d','bob',NULL,4102444800);
INSERT INTO sessionTicket VALUES(X'8ae658ea810a5df59fbff7e55c95d654bcad337e3c7e8ad9bbfddc01f5a3f146',X'0d74f11c4cbd89457fae23fed2d367fba0b8658071a0c92a37912cbf90f8f40592bcadeed5a72a735a528de08afcd59cb1e36000a70d313cd683bf24d40844c67e1cabd4d55a60','carol',NULL,4102444800);
INSERT INTO sessionTicket VALUES(X'a216a52d49483a237dab6f3d1b74b229e218dcd40e1dd33e7197d41802509ccb',X'c418ea6a769c1637066cc429b8c41cf035d26d8071306548dacafc79ee6bc3f93901c3d5eaf5566434efeaf28591665c1b32ba7744fa45399228b0c068040e07927956554e8867','alice',NULL,4102444800);
INSERT INTO sessionTicket VALUES(X'f58c0c84a8b592b56f0747db6209cb31e92a4248396d00fb125209b329629789',X'a4eba96ed60a4df4af7e18c4c40c85fd3bac878cdcf69d2281ce2e239945d9d1f627741622cd6fe7d221d7b2c84d962ee624c99cdaf1c2ebf7b4b504ba5101f4c86cb5f36ea757','dave',NULL,4102444800);
CREATE TABLE apiKey (
    keyHash BLOB NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    userId TEXT NOT NULL,
    isSuperuser INTEGER NOT NULL,
    expiresAt INTEGER,
    createdAt INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO apiKey VALUES(X'722a069bb5166c217769a9a82be71d4471e2adc524f4c2aedb78c72762f6b67f','key-968jzet8m0zej3r0cyshgcre','','admin',1,NULL,1795990232);
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
INSERT INTO pendingAuthorization VALUES(X'1e7af162830656c5ca307bb52535812edd1a8e0c7c2f0595384d9a2e7f6c6765',X'296b18c39fe9b9bee6ebfc411dc10d082faa2730a46e9e9e1cadc2a4792038b3',X'17d2efa7c61e9858f45d56457a6e9470e11a24055d1c6fda93e9ef8d41543269','alice',0,'integration-6cgq159y941c52qegpwxj14v',X'011c6b65792d6464666137627835656673613336676a61366334393162365dbdf77ce9d5749b9cc9d5c449a7e725c9cb63aeb74962d8f2b612d788465b04963a94f44fd960cc9bdccd160fb4397c2b4db359739e5c10ca803cef06c97af29bba371a8c5eb2','http://127.0.0.1:9/oauth2/callback',NULL,0,4102444800,'{}');
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
INSERT INTO revocation VALUES('revocation-0fx7kz1e54pfnyt61pr0na4c','integration-6cgq159y941c52qegpwxj14v','{"integration":"mock","url":"http://127.0.0.1:9/revoke","clientId":"grantkeeper-tests","clientAuthentication":"post","keyId":null,"algorithm":null,"issuer":null,"tokenEndpoint":"http://127.0.0.1:9/token","shape":{"method":"POST","tokens":["refresh_token","access_token"],"in":"form","name":"token","hint":true,"authentication":"client","headers":{},"parameters":{}},"renewal":null,"progress":{"accepted":[],"ends":{"access_token":1795993834}},"values":{}}',X'011c6b65792d6464666137627835656673613336676a6136633439316236421e0a05eab5b6e1f0e1ac89c03eb5b7811df5836937e3f2d997c200d3497dfa886663f98632b79b1f61624dbd158cd8898d72c836c5b4',X'011c6b65792d6464666137627835656673613336676a6136633439316236289346a05765071652787f46c82ce76eea84b25b2e074018a71e40a0137660fd16288a01a10ea796aab93d2f5fe5555ebda7078b5e73d63720e4d64b966a466a1b9926c5b360f3d99e5006f1336b1f2b80b0b04d9884b75c806a5439de53da1509e803947894e0ed3d1ea212d0565d44eb21eb51e5410ba73baa33a5d8c4a78dc9d29ef1df6f34d63a194d1f6077931f5c251cd47e8de8a831ec2bc37b6fa349cb8f07701d0f',0,1795990234,NULL,4102444800,1795990234,'carol',NULL);
CREATE TABLE lease (
    name TEXT NOT NULL PRIMARY KEY,
    generation INTEGER NOT NULL,
    holder TEXT NOT NULL,
    deadline INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO lease VALUES('background',0,'p-ravs7zhbqj7k5r0rpnybcezc',42189594);
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
INSERT INTO lineage VALUES('5b0e2f96547e755b82da89744aedb286');
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
CREATE TABLE usedState (
    stateHash BLOB NOT NULL PRIMARY KEY,
    browserHash BLOB NOT NULL,
    sessionHash BLOB,
    userId TEXT NOT NULL,
    isSuperuser INTEGER NOT NULL,
    integrationId TEXT NOT NULL REFERENCES integration (id) ON DELETE CASCADE,
    returnTo TEXT,
    isPopup INTEGER NOT NULL,
    hadCode INTEGER NOT NULL,
    usedAt INTEGER NOT NULL,
    connectionId TEXT,
    failure TEXT,
    expiresAt INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO usedState VALUES(X'3d90e284dd7067d11a5ed7fdd9d87b8605f57be6718c269e83ee3bbeeab986f9',X'3d2d568692092f986f3379f0d008e3662cc97d0744e697bb66ff27841870e122',X'9e90e327bb1f1e4aaf70559a7ff3ebdcbe88451b1d99aa7c8315f80ed2c01286','bob',0,'integration-6cgq159y941c52qegpwxj14v',NULL,0,1,1795990234,'conn-wzkm1aw6rxpftb9sff9emq7e',NULL,4102444800);
INSERT INTO usedState VALUES(X'88c9e729ac7e8aaaa8dcd218e7b5c7523b7cd05fc2c4a6c3a89ce601b0653b16',X'296b18c39fe9b9bee6ebfc411dc10d082faa2730a46e9e9e1cadc2a4792038b3',X'17d2efa7c61e9858f45d56457a6e9470e11a24055d1c6fda93e9ef8d41543269','alice',0,'integration-6cgq159y941c52qegpwxj14v',NULL,0,1,1795990233,'conn-h2n20z9kh59xtssbctr982m4',NULL,4102444800);
INSERT INTO usedState VALUES(X'8c720a1b46286924bd628f866b4fe87f92c76dd491c201f022d14a278b8b6787',X'2c88a2bfb95ba7ded893f1607c0890bd4f7341ebdb2cf64c1fe8a8740bea7ffc',X'acac10f5fb813622a2048097bc28dd4c8d3dac19d8996a48dc5e1bdf047c332e','carol',0,'integration-6cgq159y941c52qegpwxj14v',NULL,0,1,1795990234,'conn-x9818g84wk89g776qvz18yqs',NULL,4102444800);
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
CREATE INDEX usedStateByExpiry ON usedState (expiresAt);
CREATE INDEX usedStateBySession ON usedState (sessionHash);
CREATE INDEX usedStateByUser ON usedState (userId, expiresAt);
CREATE INDEX usedStateByIntegration ON usedState (integrationId);
COMMIT;
PRAGMA user_version = 8;
PRAGMA journal_mode = WAL;
