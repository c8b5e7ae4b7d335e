-- key ring: key-66wzz76c87mw5kgbav8r7ekk uvqdScduFzmREl0vejErUGSP32EvD2KqlNdNMxcEw/c=
-- key of admin: gk_EVNLZSYZiroaxyZxCzgjhhM0MoZIbOqQ8uXdMHrIOSQ
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
INSERT INTO integration VALUES('integration-88jqpjtbx6tnr6hdnq1151pr','mock','per-user','{"slug":"mock","name":"Mock","type":"custom","category":null,"description":null,"mode":"per-user","authType":"oauth2","authUri":"http://127.0.0.1:9/authorize","tokenUri":"http://127.0.0.1:9/token","revocationUri":"http://127.0.0.1:9/revoke","apiBaseUri":"http://127.0.0.1:9/api","scope":"files.read files.write","clientId":"grantkeeper-tests","clientAuthentication":"post","grant":"authorization_code","authorizationParameters":{},"tokenParameters":{},"issuer":null,"issuerRequired":false,"redirect":"common","apiHosts":[],"sharedManagers":[],"allowedUsers":null,"revocation":null,"credentialPlacement":null,"headers":{},"forwardHeaders":[],"revokesReplacedTokens":false,"credentialTestPath":null}',X'011c6b65792d3636777a7a37366338376d77356b67626176387237656b6b101f761138f3ed5282be9ffbd08ce76f0bc0cb76de7b6b8f03332f8e40d8171d75f232c6558cd6a7ac373de6ae5d208ff0bb4b5757214f',1,1795539991,1795539991);
INSERT INTO integration VALUES('integration-t8kfbz88tz61ep300frfay12','kept','per-user','{"slug":"kept","name":"Mock","type":"custom","category":null,"description":null,"mode":"per-user","authType":"bearer","authUri":null,"tokenUri":null,"revocationUri":null,"apiBaseUri":"http://placeholder.test/keyed","scope":null,"clientId":null,"clientAuthentication":"post","grant":"authorization_code","authorizationParameters":{},"tokenParameters":{},"issuer":null,"issuerRequired":false,"redirect":"common","apiHosts":[],"sharedManagers":[],"allowedUsers":null,"revocation":null,"credentialPlacement":null,"headers":{},"forwardHeaders":[],"revokesReplacedTokens":false,"credentialTestPath":null}',NULL,1,1795539991,1795539991);
CREATE TABLE sealingKey (
    id TEXT NOT NULL PRIMARY KEY,
    proof BLOB NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO sealingKey VALUES('key-66wzz76c87mw5kgbav8r7ekk',X'011c6b65792d3636777a7a37366338376d77356b67626176387237656b6be9ca85bdc2b4bf7299b74e48f4e2c5322b534310e2a72121ee38837a823c5fe910ea4d33a6a244');
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
INSERT INTO connection VALUES('conn-052g8stf1xganbv9svjksc4x','integration-t8kfbz88tz61ep300frfay12','alice','alice','active',NULL,1795539991,X'011c6b65792d3636777a7a37366338376d77356b67626176387237656b6b72ac1f3d07b79351a16057c2041e126979a521980cc5e26317b372162f5b9c813249c84468d544a9b39fdc67c8f58075',NULL,NULL,NULL,'{}',1,1795539991,1795539991,1795539991,1795539991,NULL,NULL);
INSERT INTO connection VALUES('conn-4yjsrkg84bf7f4g7x1g2h594','integration-88jqpjtbx6tnr6hdnq1151pr','bob','bob','reauthorization_required','invalid_grant',1795539991,X'011c6b65792d3636777a7a37366338376d77356b67626176387237656b6b193e97b9a2f644214ad6370da87212421a08b314d43ced61b1a8779091b4f5feb1085cdf2011ab58e2aaeb19b5dc1491a479f8cb7c4bd14f3b882d21548777c728e170bee43722947a7feea333c76174825f9dc49c83a655441ff214b08df700b5834ddfd52e5c86137f9bbd5a04852084781a018347c3138c889dba7e809db7283158efb528054b1d151c953cfd6e56e0c05600185e5c58c3fe36b09b26dae8bcd91d1740f1','files.read files.write',4102444800,NULL,'{}',1,1795539991,1795539991,1795539991,1795539991,NULL,1796114908);
INSERT INTO connection VALUES('conn-hzt51d1d13fbaq6cz0t19ay9','integration-88jqpjtbx6tnr6hdnq1151pr','alice','alice','active',NULL,1795539991,X'011c6b65792d3636777a7a37366338376d77356b67626176387237656b6bcadf31f7336055414b634e3bd773965f898c45079b5582f58bea08f1eef6189cda4bf2f5354aa31a3bfe571184386b841b6a719a5f399ee9f0c256bdc9d60aa5781c9cfb9e5165928b88d099be848a32582b9730d63bb3f905098487dde6b5afd98a4d69d1aed8300443e26d11d02c2e11ae49eef1f0f4de0e574b62899e2f788a36e624299e5a7710ba0da22cd636760dd28b457aaaadf4c17ee9b538b9f742cdd060021883','files.read files.write',4102444800,NULL,'{}',1,1795539991,1795539991,1795539991,1795539991,NULL,1796024407);
CREATE TABLE session (
    idHash BLOB NOT NULL PRIMARY KEY,
    userId TEXT NOT NULL,
    isSuperuser INTEGER NOT NULL,
    lastUsedAt INTEGER NOT NULL,
    expiresAt INTEGER NOT NULL,
    createdAt INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO session VALUES(X'1d4bb3c74d75e356f5b22cce2cb0716ea052153ee976eb5a109eb5e74d43918d','dave',0,4102444800,4102444800,1795539991);
INSERT INTO session VALUES(X'313a57ea5fe408cfacb4151a7451a7b04e8bf37579377d8476bfc9dfd4bafefa','alice',0,4102444800,4102444800,1795539991);
INSERT INTO session VALUES(X'3fbcb507e73992aef94b72734515992a998a24605b70779d1baae3f010d0e0ed','carol',0,4102444800,4102444800,1795539991);
INSERT INTO session VALUES(X'd11c0e27a01ab6f2954a0a44e901a570439dd4d6330e69fa68531b09db3b32c8','bob',0,4102444800,4102444800,1795539991);
CREATE TABLE sessionTicket (
    ticketHash BLOB NOT NULL PRIMARY KEY,
    -- The session's id, sealed under the ticket itself.
    sealedSession BLOB NOT NULL,
    userId TEXT NOT NULL,
    returnTo TEXT,
    expiresAt INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO sessionTicket VALUES(X'03a07e7a7a4733dc094d3cc454169cf37f8d63f8e8bf0f47af8c9dba502714cf',X'6d11bd25003a0d44be4aab836efd3da36d23ac2360115961fb7d9f11d15bc15a1680b7d7b88d0b33fe90f3974f346e2b62f1e029c8aebee5e1430d77301a07e08b6c972933862d','bob',NULL,4102444800);
INSERT INTO sessionTicket VALUES(X'0b2ba3f1ae6898667f62df404c667677d4e2f8fe42d2d1d9408569b2408613c7',X'3b3089f1bec5248390f91f12f0b19ecaa5fb4f30fd3b36c0730d3fb352879873151746311ae099de768335bff0372d2aeddde28273301aac4f774e8cd7df35787288766c551ccb','carol',NULL,4102444800);
INSERT INTO sessionTicket VALUES(X'9f1fc98f0fc8e2cfd5d77fe28466e2d3b075f57725a2c8dc99b93546dc0b17f7',X'5ab231f1905f3d9821b22b4b39b6b7d5bcb88fad7960c27ca2a9d4c7ad70ce6d5c9a098f87f045cdc940c42e35bfa0745071bc2b628c79c0fb3f12f8a77fb0030832d3757c0771','alice',NULL,4102444800);
INSERT INTO sessionTicket VALUES(X'ae654f774e5ecda42a05f9fb010a1066ae606f19f4dbfa1d22f892a9fe31171c',X'422a8f63390b185be756e1182586cec7bc95cbe67122faeccf472dba0db6abd400e0057e5e218a275eb8658b25f30358d4e666ff338df40b1193f3620530c450dc073fb7091a96','dave',NULL,4102444800);
CREATE TABLE apiKey (
    keyHash BLOB NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    userId TEXT NOT NULL,
    isSuperuser INTEGER NOT NULL,
    expiresAt INTEGER,
    createdAt INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO apiKey VALUES(X'e0106218037316f03c99b472901b2c4fd779a6ab4355c2fe3b0c29c8dc09a529','key-n420hj6htrrrhkdm7w8srnvt','','admin',1,NULL,1795539990);
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
INSERT INTO pendingAuthorization VALUES(X'69680fc00486aab7067a84003c59c730e75f411bae5fa6fe6ea2b9104ccb6713',X'939f82fe179b026be75f9d0728f5a5da3b12d9e9cf7ef8e8e40f3b3519f0ae31',X'313a57ea5fe408cfacb4151a7451a7b04e8bf37579377d8476bfc9dfd4bafefa','alice',0,'integration-88jqpjtbx6tnr6hdnq1151pr',X'011c6b65792d3636777a7a37366338376d77356b67626176387237656b6bc0c81cc68bf870767c106daaec62676693ed7dd4eb5b7223f8dac3593ceb07863411457d318b045afa9613fb3445648a389b2c8a8c72beb625926941fa407f4e945632e555e0b5','http://127.0.0.1:9/oauth2/callback',NULL,0,4102444800);
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
INSERT INTO revocation VALUES('revocation-s37z2be59q81z1c94whgvkss','integration-88jqpjtbx6tnr6hdnq1151pr','{"integration":"mock","url":"http://127.0.0.1:9/revoke","clientId":"grantkeeper-tests","clientAuthentication":"post","shape":{"method":"POST","tokens":["refresh_token","access_token"],"in":"form","name":"token","hint":true,"authentication":"client","headers":{},"parameters":{}},"values":{}}',X'011c6b65792d3636777a7a37366338376d77356b67626176387237656b6b76adf157b92f356cf4818a669f8da8de4e34023e5a7d6fc8ef7e8ebbb0d1df98bf7f2a391387f03a67967db1d8ac9cb793f415c427b1fc',X'011c6b65792d3636777a7a37366338376d77356b67626176387237656b6b136db3423e40a00a853a1c137665a774f59f09131ba70121dbefa3d4c6c2207f436d7cca67e45cf81afa04c0a0c03847db460e63078c76563aab2ba03c1076441722050d59ef4039c1d338e8f37105fbff5efdd82c3436e56a23356433da6b8b89b483c1b82fe3b19dfcca7c3b3fe440b769e7c47d87714657f272a07cde24641a35d9506f19a4a3aa485996dd062e9cb8c8491206927fee57b17b85bbab277170e1aac0db7b',0,1795539991,NULL,4102444800,1795539991,'carol',NULL);
CREATE TABLE lease (
    name TEXT NOT NULL PRIMARY KEY,
    generation INTEGER NOT NULL,
    holder TEXT NOT NULL,
    deadline INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO lease VALUES('background',0,'p-9hw5gnk4d4f26rm0bzhwxesx',14115428);
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
INSERT INTO lineage VALUES('2c3301831c2714c75ef9f6ce4ffa578e');
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
COMMIT;
PRAGMA user_version = 3;
PRAGMA journal_mode = WAL;
