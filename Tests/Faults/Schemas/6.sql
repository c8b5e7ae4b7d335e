-- key ring: key-rh3tvnn3v5vrgvbbm0sn6hvs cUYEVLYJCjUcyAQOvzXkfkcT6Ifx6Akx+7tFth0R1yE=
-- key of admin: gk_SU7S3LVeCRqqIuL1U4Ie9HSk53afZWLq14YHLBFx0WY
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
INSERT INTO integration VALUES('integration-tj5ast5z0rceq7pybz6d98s0','kept','per-user','{"slug":"kept","name":"Mock","type":"custom","category":null,"description":null,"mode":"per-user","authType":"bearer","authUri":null,"tokenUri":null,"revocationUri":null,"apiBaseUri":"http://placeholder.test/keyed","scope":null,"clientId":null,"clientAuthentication":"post","grant":"authorization_code","keyId":null,"signingAlgorithm":null,"assertion":{"issuer":null,"subject":null,"audience":null,"scope":"claim"},"authorizationParameters":{},"scopeSeparator":" ","scopeParameter":"scope","scopeImplies":{},"pkce":true,"resource":[],"tokenParameters":{},"tokenHeaders":{},"tokenFormat":"form","tokenResponse":{"at":null,"accessToken":null,"refreshToken":null,"expiresIn":null,"expiresAt":null,"refreshTokenExpiresIn":null,"scope":null,"tokenType":null,"lifetime":null,"tokenTypes":[],"failure":null},"refresh":{"uri":null,"parameters":{},"grantType":"refresh_token","parameter":"refresh_token","with":"refresh_token","rotation":null,"dead":[]},"lookup":null,"callbackSignature":null,"issuer":null,"issuerRequired":false,"redirect":"common","apiHosts":[],"connectionData":{},"sharedManagers":[],"allowedUsers":null,"revocation":null,"credentialForm":{"username":null,"password":null,"apiKey":null,"token":null,"help":null},"credentialPlacement":null,"headers":{},"forwardHeaders":[],"revokesReplacedTokens":false,"credentialTestPath":null,"limits":{"requestsPerSecond":null,"burst":null,"concurrent":null},"timeouts":{"connect":null,"head":null,"idle":null},"retries":{"attempts":3,"honoursIdempotencyKey":false},"rateLimit":null}',NULL,1,1795967354,1795967354,'{"slug":"kept","name":"Mock","apiBaseUri":"http://placeholder.test/keyed","authType":"bearer"}',NULL);
INSERT INTO integration VALUES('integration-zs092b4xera26bj4rvy3ypyq','mock','per-user','{"slug":"mock","name":"Mock","type":"custom","category":null,"description":null,"mode":"per-user","authType":"oauth2","authUri":"http://127.0.0.1:9/authorize","tokenUri":"http://127.0.0.1:9/token","revocationUri":"http://127.0.0.1:9/revoke","apiBaseUri":"http://127.0.0.1:9/api","scope":"files.read files.write","clientId":"grantkeeper-tests","clientAuthentication":"post","grant":"authorization_code","keyId":null,"signingAlgorithm":null,"assertion":{"issuer":null,"subject":null,"audience":null,"scope":"claim"},"authorizationParameters":{},"scopeSeparator":" ","scopeParameter":"scope","scopeImplies":{},"pkce":true,"resource":[],"tokenParameters":{},"tokenHeaders":{},"tokenFormat":"form","tokenResponse":{"at":null,"accessToken":null,"refreshToken":null,"expiresIn":null,"expiresAt":null,"refreshTokenExpiresIn":null,"scope":null,"tokenType":null,"lifetime":null,"tokenTypes":[],"failure":null},"refresh":{"uri":null,"parameters":{},"grantType":"refresh_token","parameter":"refresh_token","with":"refresh_token","rotation":null,"dead":[]},"lookup":null,"callbackSignature":null,"issuer":null,"issuerRequired":false,"redirect":"common","apiHosts":[],"connectionData":{},"sharedManagers":[],"allowedUsers":null,"revocation":null,"credentialForm":{"username":null,"password":null,"apiKey":null,"token":null,"help":null},"credentialPlacement":null,"headers":{},"forwardHeaders":[],"revokesReplacedTokens":false,"credentialTestPath":null,"limits":{"requestsPerSecond":null,"burst":null,"concurrent":null},"timeouts":{"connect":null,"head":null,"idle":null},"retries":{"attempts":3,"honoursIdempotencyKey":false},"rateLimit":null}',X'011c6b65792d72683374766e6e3376357672677662626d30736e36687673dbdeb76230ffcf761d42a1568cc3a023fb9a69597d2d1c969ab5698ff8804f1c624a679f0d560846145830f20d3f7618e9b4dd86238b9f',1,1795967354,1795967354,'{"slug":"mock","name":"Mock","authUri":"http://127.0.0.1:9/authorize","tokenUri":"http://127.0.0.1:9/token","revocationUri":"http://127.0.0.1:9/revoke","apiBaseUri":"http://127.0.0.1:9/api","scope":"files.read files.write","clientId":"grantkeeper-tests"}',NULL);
CREATE TABLE sealingKey (
    id TEXT NOT NULL PRIMARY KEY,
    proof BLOB NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO sealingKey VALUES('key-rh3tvnn3v5vrgvbbm0sn6hvs',X'011c6b65792d72683374766e6e3376357672677662626d30736e366876739525bcf6d02334e3cf4489f9276a13c2abb89d7fc774e0e98d5a3d089f9a47e46001ae8959479c');
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
INSERT INTO connection VALUES('conn-4wt5a2rn5635hs3vyr1629p6','integration-zs092b4xera26bj4rvy3ypyq','bob','bob','reauthorization_required','invalid_grant',1795967354,X'011c6b65792d72683374766e6e3376357672677662626d30736e36687673bd1d828c6650fe4c26fc3fd7a6cd719b86ba8fd93b19f2d75547a93d69528e69322d0f8e37dd008b53b30f118c4114d12f011b8653047c5a19dd37ceeb559ed76fba10f60ae376aec961c70e734d6fac7cfc7f6cbf4d90936b0fb96c93380a1665cde1fefe86ac0b922ab85c70d731f17ec157b48604a6b83b0c7d1b50328dd0e765ea9515bf730c325e1514bba2ea8cdde3127eda5f00d587488a5dbaf7aa926c5dea3dbd9e','files.read files.write',4102444800,NULL,'{}',1,1795967354,1795967354,1795967354,1795967354,NULL,1796451475);
INSERT INTO connection VALUES('conn-4xfc4md0v2pkrk0ztxdym4g6','integration-zs092b4xera26bj4rvy3ypyq','alice','alice','active',NULL,1795967354,X'011c6b65792d72683374766e6e3376357672677662626d30736e36687673faa2f385049699279a3e7dd4607a9808612f4e8696175c2b623c14b56363a2aa2c1d3b5fde81bf543f46fa30e9e81edbb968542e79f76992ccb71214a9c1613b2b4f4b5d73db0e3bf2d47a46c0b14e4d4c2bdcdc131b5495866a17ef6c1ff3dcd149b2345dbea04b3a7ef0a9ea3ad796a72c63928bd977069f6a242f6ccb3b422c5d54f169292e137c3e0838aa49315c5e02e52138dc88e1e8edbb85075f84e830835aacbd76','files.read files.write',4102444800,NULL,'{}',1,1795967354,1795967354,1795967354,1795967354,NULL,1796500867);
INSERT INTO connection VALUES('conn-ss9vt7v8d1bjbyda9a6jwvbm','integration-tj5ast5z0rceq7pybz6d98s0','alice','alice','active',NULL,1795967354,X'011c6b65792d72683374766e6e3376357672677662626d30736e366876731c5bfd73f279877f1d5f07dfe85073a2f05e4986464994c2725e1847a15e5641ba07a2e55f4353305631d20f3e74be14',NULL,NULL,NULL,'{}',1,1795967354,1795967354,1795967354,1795967354,NULL,NULL);
CREATE TABLE session (
    idHash BLOB NOT NULL PRIMARY KEY,
    userId TEXT NOT NULL,
    isSuperuser INTEGER NOT NULL,
    lastUsedAt INTEGER NOT NULL,
    expiresAt INTEGER NOT NULL,
    createdAt INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO session VALUES(X'5daa82fab7808cc5b7918cadf63e7fcc734b6b3817c60074d13e381b31366b74','bob',0,4102444800,4102444800,1795967354);
INSERT INTO session VALUES(X'8c689a1e67c803c7baf252b855bbc840652284c045f63713ff30ba721f14ae42','dave',0,4102444800,4102444800,1795967355);
INSERT INTO session VALUES(X'a77946ec4130fa3092088e20f4f71a778974e86356941d11eeca4546317379a7','carol',0,4102444800,4102444800,1795967354);
INSERT INTO session VALUES(X'dfd0e205627cccbef8607791f218cf0ff3eceb0e85526745c2af0a6143a8a6f0','alice',0,4102444800,4102444800,1795967354);
CREATE TABLE sessionTicket (
    ticketHash BLOB NOT NULL PRIMARY KEY,
    -- The session's id, sealed under the ticket itself.
    sealedSession BLOB NOT NULL,
    userId TEXT NOT NULL,
    returnTo TEXT,
    expiresAt INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO sessionTicket VALUES(X'0113dc0c360f2c3aa0a0102ccbcb639be2c475cc8d1062f7c71e8b9bf36d8b32',X'dec92eec8c6cc0e663d8f2f2718b2340302892e2d9a98171338e292f857625512f7c56cdedf543c06ea3ba4bba6f0449f1fdcd80a2648c17aa8c898c543335c237ebeeb2decb35','alice',NULL,4102444800);
INSERT INTO sessionTicket VALUES(X'3fb1a79c49e7430ed1a70310dadc823976838a7543a4d5d29c93420a0505cb4b',X'37be3171ea270c9fde6ba293b948e7d1c896adcb36d5c829dae2f084d968d181a1d6bb45dc2c5003b3c7956c7c788e6c514079074d1f8028487556886988dd1295bfd76d8f9c5c','dave',NULL,4102444800);
INSERT INTO sessionTicket VALUES(X'a89a6c64705d1478dfb5f26e4957c4f3e2bf99d482848523dc6dbc31d7af66d1',X'c06068571e87645e3e6d57bfb6b4e060d25043415f30a0b4f2964f46bbb6fce7a659ecb9f1688f6e3d6d0c83454ec5a64606d18bf8e0332073d41651e8b395da25e8eb129e089d','carol',NULL,4102444800);
INSERT INTO sessionTicket VALUES(X'c8cc469f56b15172b9ac987c6f30b14add9ac952eb6e1f5b98046511c7461ef8',X'fc51c479e0a41bd4265f59b12f8f1b3e2da16b75e60210d9e54ac3e4dd6a5fccd3f42be306cc900f733fae83a8a58410f67f0f5d406f896ff19005c3c38530dbc33bdd21795acd','bob',NULL,4102444800);
CREATE TABLE apiKey (
    keyHash BLOB NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    userId TEXT NOT NULL,
    isSuperuser INTEGER NOT NULL,
    expiresAt INTEGER,
    createdAt INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO apiKey VALUES(X'21c16dc27a43b8892cb6118fa904d282aeb6689934cbdb705c9cd5a0dee6a60c','key-gkewqxhs8jf71b6yf8fccnhz','','admin',1,NULL,1795967353);
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
INSERT INTO pendingAuthorization VALUES(X'7e2c244ad842c8b4672321789fdec14bdce9a48c114c19c20100dcb66979863b',X'd582e6df27101eb45edd3219f9a0d58ec2943c5cb4157c1eee9ecf0bafe019c2',X'dfd0e205627cccbef8607791f218cf0ff3eceb0e85526745c2af0a6143a8a6f0','alice',0,'integration-zs092b4xera26bj4rvy3ypyq',X'011c6b65792d72683374766e6e3376357672677662626d30736e366876730bf5a71bc64532035a75e6284877fd823fc32eb6de538bb569fcef876937c473ae70e5315ae2bd408abeea076b5c400f51f5ccf43011f595e93b3fdfba494d04950440b50f16eb','http://127.0.0.1:9/oauth2/callback',NULL,0,4102444800,'{}');
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
INSERT INTO revocation VALUES('revocation-7mvfa4s5vx2aeex20t8yv9hs','integration-zs092b4xera26bj4rvy3ypyq','{"integration":"mock","url":"http://127.0.0.1:9/revoke","clientId":"grantkeeper-tests","clientAuthentication":"post","keyId":null,"algorithm":null,"issuer":null,"tokenEndpoint":"http://127.0.0.1:9/token","shape":{"method":"POST","tokens":["refresh_token","access_token"],"in":"form","name":"token","hint":true,"authentication":"client","headers":{},"parameters":{}},"renewal":null,"values":{}}',X'011c6b65792d72683374766e6e3376357672677662626d30736e36687673f7e36fe1b394d7d78c8aa747fbdcfb5e2a484a3e6cd98e00d7b9a60ac5835c3d08092bc2e72594fddf4a1a33bca343faab483d742c714a',X'011c6b65792d72683374766e6e3376357672677662626d30736e366876732db2bfb065c0079c2541c28bd1a13c33c3fcafd48d034e1307a9cc7011f2fae4890fcc3bb3f0097d989aa6e680772ec68ce56c5bdead5727752f6825a54ae2d0d59a120e3003fa26b8de9dc026b2904391cf652cec3b42aaca294554dc8932ef156e5a278f441a9952ea8d0249cb32bb49c770919cdfcf9a1a5778204a14c02af63cda4cd0702a67b0dd4c290feec962920558517b90851b3c08da4a68d29aebc00a4adc4481',0,1795967355,NULL,4102444800,1795967355,'carol',NULL);
CREATE TABLE lease (
    name TEXT NOT NULL PRIMARY KEY,
    generation INTEGER NOT NULL,
    holder TEXT NOT NULL,
    deadline INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO lease VALUES('background',0,'p-7zt49prhf0h35dynhhd2zkwy',19310757);
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
INSERT INTO lineage VALUES('9e0f3bd78a2479e678e8ea8afbd95a0d');
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
COMMIT;
PRAGMA user_version = 6;
PRAGMA journal_mode = WAL;
