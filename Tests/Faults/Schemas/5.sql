-- key ring: key-5x5dhsfh4wexestphstt802p 9bxgN76CuuWmXu8VRGy/18cZrpGcRpYCO3TSbopkZYY=
-- key of admin: gk_ghdXhRxvmKuOMuhuiIIPitqzxxtbw_7NBQsdO2qHfu4
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
INSERT INTO integration VALUES('integration-9xy21gyv1hydawgmc7sees3v','mock','per-user','{"slug":"mock","name":"Mock","type":"custom","category":null,"description":null,"mode":"per-user","authType":"oauth2","authUri":"http://127.0.0.1:9/authorize","tokenUri":"http://127.0.0.1:9/token","revocationUri":"http://127.0.0.1:9/revoke","apiBaseUri":"http://127.0.0.1:9/api","scope":"files.read files.write","clientId":"grantkeeper-tests","clientAuthentication":"post","grant":"authorization_code","keyId":null,"signingAlgorithm":null,"assertion":{"issuer":null,"subject":null,"audience":null,"scope":"claim"},"authorizationParameters":{},"scopeSeparator":" ","scopeParameter":"scope","scopeImplies":{},"pkce":true,"resource":[],"tokenParameters":{},"tokenHeaders":{},"tokenFormat":"form","tokenResponse":{"at":null,"accessToken":null,"refreshToken":null,"expiresIn":null,"expiresAt":null,"refreshTokenExpiresIn":null,"scope":null,"tokenType":null,"lifetime":null,"tokenTypes":[],"failure":null},"refresh":{"uri":null,"parameters":{},"grantType":"refresh_token","parameter":"refresh_token","with":"refresh_token","rotation":null,"dead":[]},"lookup":null,"callbackSignature":null,"issuer":null,"issuerRequired":false,"redirect":"common","apiHosts":[],"connectionData":{},"sharedManagers":[],"allowedUsers":null,"revocation":null,"credentialForm":{"username":null,"password":null,"apiKey":null,"token":null,"help":null},"credentialPlacement":null,"headers":{},"forwardHeaders":[],"revokesReplacedTokens":false,"credentialTestPath":null,"limits":{"requestsPerSecond":null,"burst":null,"concurrent":null},"timeouts":{"connect":null,"head":null,"idle":null},"retries":{"attempts":3,"honoursIdempotencyKey":false},"rateLimit":null}',X'011c6b65792d357835646873666834776578657374706873747438303270bcf9c6c5c1e86ed5022f3e6ef30bee77b2442d64b4f5f5137244a281877851ddbd2d8f6eec00726e609c2ab82d9b6b239b1b44e6147b5b',1,1795949465,1795949465,'{"slug":"mock","name":"Mock","authUri":"http://127.0.0.1:9/authorize","tokenUri":"http://127.0.0.1:9/token","revocationUri":"http://127.0.0.1:9/revoke","apiBaseUri":"http://127.0.0.1:9/api","scope":"files.read files.write","clientId":"grantkeeper-tests"}',NULL);
INSERT INTO integration VALUES('integration-q23jkmb0ewev0amb23erjakp','kept','per-user','{"slug":"kept","name":"Mock","type":"custom","category":null,"description":null,"mode":"per-user","authType":"bearer","authUri":null,"tokenUri":null,"revocationUri":null,"apiBaseUri":"http://placeholder.test/keyed","scope":null,"clientId":null,"clientAuthentication":"post","grant":"authorization_code","keyId":null,"signingAlgorithm":null,"assertion":{"issuer":null,"subject":null,"audience":null,"scope":"claim"},"authorizationParameters":{},"scopeSeparator":" ","scopeParameter":"scope","scopeImplies":{},"pkce":true,"resource":[],"tokenParameters":{},"tokenHeaders":{},"tokenFormat":"form","tokenResponse":{"at":null,"accessToken":null,"refreshToken":null,"expiresIn":null,"expiresAt":null,"refreshTokenExpiresIn":null,"scope":null,"tokenType":null,"lifetime":null,"tokenTypes":[],"failure":null},"refresh":{"uri":null,"parameters":{},"grantType":"refresh_token","parameter":"refresh_token","with":"refresh_token","rotation":null,"dead":[]},"lookup":null,"callbackSignature":null,"issuer":null,"issuerRequired":false,"redirect":"common","apiHosts":[],"connectionData":{},"sharedManagers":[],"allowedUsers":null,"revocation":null,"credentialForm":{"username":null,"password":null,"apiKey":null,"token":null,"help":null},"credentialPlacement":null,"headers":{},"forwardHeaders":[],"revokesReplacedTokens":false,"credentialTestPath":null,"limits":{"requestsPerSecond":null,"burst":null,"concurrent":null},"timeouts":{"connect":null,"head":null,"idle":null},"retries":{"attempts":3,"honoursIdempotencyKey":false},"rateLimit":null}',NULL,1,1795949465,1795949465,'{"slug":"kept","name":"Mock","apiBaseUri":"http://placeholder.test/keyed","authType":"bearer"}',NULL);
CREATE TABLE sealingKey (
    id TEXT NOT NULL PRIMARY KEY,
    proof BLOB NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO sealingKey VALUES('key-5x5dhsfh4wexestphstt802p',X'011c6b65792d357835646873666834776578657374706873747438303270d71c288fa7fab3fea1f48d8ebbdf7c0b9dcd1d20b75747aa521356b4c6f575a6b6bec17c5e57fe');
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
INSERT INTO connection VALUES('conn-18gbady3yq2cyp5hzfd2gwap','integration-9xy21gyv1hydawgmc7sees3v','alice','alice','active',NULL,1795949465,X'011c6b65792d35783564687366683477657865737470687374743830327007513044f52ebf25946da54ca7a0f79d7bd7c94dcc86c106cec43ee42bff5d8dfd11d87933862d2baac4cb87897e1f60380828351e9b0c2538def006537379ba341d6a3c052f4417b262b4558f51831a5379cb548e4fee2c73d7f91200404c523c6aa9aad7e5bf4c1ee3bd8c3d1c9b710150b9fd990ad6b6e97651336eb9f4da96173e82462502ff37f78e7a6d659617191bfa3da19bcd823c759fcd09af137859b485afbd4c','files.read files.write',4102444800,NULL,'{}',1,1795949465,1795949465,1795949465,1795949465,NULL,1796446632);
INSERT INTO connection VALUES('conn-8wrkajg9a5fzftbvn8k4bc6c','integration-q23jkmb0ewev0amb23erjakp','alice','alice','active',NULL,1795949465,X'011c6b65792d3578356468736668347765786573747068737474383032702fa9698f1c1c048c1c418c97d6f5a26d026213977c21ea406709f50658163caa6e0f9aa3d196a22b9a5a40b21ac840a5',NULL,NULL,NULL,'{}',1,1795949465,1795949465,1795949465,1795949465,NULL,NULL);
INSERT INTO connection VALUES('conn-ccr1kvy1enben0arr2pbssn6','integration-9xy21gyv1hydawgmc7sees3v','bob','bob','reauthorization_required','invalid_grant',1795949465,X'011c6b65792d35783564687366683477657865737470687374743830327031fb74b4b1edb4adc74f45ce373be2f6088318c3c968b1e3a9a87485640e7e253fdb389ed753a9505a8dc5149e941ae5c9f6498a19f15e3c3b1a7dde0934ae7ab31960c2898159a44b5f51a8705b054b164c643e3a7a5f6a190d25db604fa96e87e79e3c8f42ff8642cef5418a19544e0c9bbbdf9fafa16c381645b4c820d8fca5c637c555be26ac20e755ce76fb5619c7873b212d2864d5de5e59a6e871bfdd11ed8d4cbc57','files.read files.write',4102444800,NULL,'{}',1,1795949465,1795949465,1795949465,1795949465,NULL,1796473681);
CREATE TABLE session (
    idHash BLOB NOT NULL PRIMARY KEY,
    userId TEXT NOT NULL,
    isSuperuser INTEGER NOT NULL,
    lastUsedAt INTEGER NOT NULL,
    expiresAt INTEGER NOT NULL,
    createdAt INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO session VALUES(X'2868ed4636c5977a774c9ed4af081650e1029550855be450ca748c740d5c3066','bob',0,4102444800,4102444800,1795949465);
INSERT INTO session VALUES(X'77c7556b84de031d712311354d03c8c6dc7136eb6fb0bb4a3d61263fafe109df','dave',0,4102444800,4102444800,1795949465);
INSERT INTO session VALUES(X'85e085e1cf64608a9d9da00b0b4b36533d36dd2b17eee28320d7c16b3a210d76','carol',0,4102444800,4102444800,1795949465);
INSERT INTO session VALUES(X'99776df9e21cb9a83703ce3073651c82e934536fca001d47cdcbdcedbbca3ebd','alice',0,4102444800,4102444800,1795949465);
CREATE TABLE sessionTicket (
    ticketHash BLOB NOT NULL PRIMARY KEY,
    -- The session's id, sealed under the ticket itself.
    sealedSession BLOB NOT NULL,
    userId TEXT NOT NULL,
    returnTo TEXT,
    expiresAt INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO sessionTicket VALUES(X'4c326b3790ec7febcb6b59f22e1a01adbaebc30d19b8dd918e8ee9fc25dba6b8',X'f55319d5a6bf72b0cebd8f4c74d42659cd3dac78b7bcfad82bbfecad60c65501883f0bf9fc4f3581aa177aa39d51033eb349da8794eb2d21c437b9f4133f8002d806a0a22e61b3','bob',NULL,4102444800);
INSERT INTO sessionTicket VALUES(X'9c9e11de403115b6d96ca4613983ca6cbce241abc3dd2b3fcf3253dca60d4e2f',X'a11fda03762cb23310bc604eb777c8ca7c94c450fd3bf9b148d02e17eb8e017bc842ed91289a26517661f19f3a781ddcf688697deec9e25f8cee5f203a40cd4fd614a3fbee7fd0','dave',NULL,4102444800);
INSERT INTO sessionTicket VALUES(X'b18d3d2139d890a5e0b85b00aba0fdcc728e66b08bfe4498e230b0ccda4799c8',X'ef9a91ffefa9c834112d043babc8c828f54bc0b9111ec876d356fa0ca11b4673e8d5cdbfdd73c78e5a1cf170e2cea0a771b643e85f52605facb8b39e8a7921e54a83f57c40fa17','alice',NULL,4102444800);
INSERT INTO sessionTicket VALUES(X'dc30d3b6b743102e1d2511b9d6a597a0a73f58d86086c6a9ad791cfdfdecf701',X'44105e1fea6b5479a2b8990d9158d225b799767e0c9218f8c72cdf97440868a5eb00657726a8344cf73b31d262715c57cb5c24a2475b1b0b7529f8bf61b407bb69b727e89a15d7','carol',NULL,4102444800);
CREATE TABLE apiKey (
    keyHash BLOB NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    userId TEXT NOT NULL,
    isSuperuser INTEGER NOT NULL,
    expiresAt INTEGER,
    createdAt INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO apiKey VALUES(X'd0e9420a455f5d46cb39f9f1c9140081580fbc4b2e7f957f898de1b684a34031','key-envkqqmypky5p0gnz5fcg6nh','','admin',1,NULL,1795949465);
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
INSERT INTO pendingAuthorization VALUES(X'52e0c2682ea45166bcc49ebb3c9ad9dedce688eed20cf7090410f02bc03f41a8',X'5af33d62debe7e39a79b0f378a10e9eaec3840f85d255d8249e748b26e769121',X'99776df9e21cb9a83703ce3073651c82e934536fca001d47cdcbdcedbbca3ebd','alice',0,'integration-9xy21gyv1hydawgmc7sees3v',X'011c6b65792d357835646873666834776578657374706873747438303270922d0f2943f448d4ddd6e7e133d97e6f8f66dd228e98f5631566087e86f3975b596f70f4f30d53350f1fabb43cd425246abd116197b0f66436375372460ec772daef146c492597','http://127.0.0.1:9/oauth2/callback',NULL,0,4102444800,'{}');
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
INSERT INTO revocation VALUES('revocation-75ckerm6fkb7sfqjb2x2k7ep','integration-9xy21gyv1hydawgmc7sees3v','{"integration":"mock","url":"http://127.0.0.1:9/revoke","clientId":"grantkeeper-tests","clientAuthentication":"post","keyId":null,"algorithm":null,"issuer":null,"tokenEndpoint":"http://127.0.0.1:9/token","shape":{"method":"POST","tokens":["refresh_token","access_token"],"in":"form","name":"token","hint":true,"authentication":"client","headers":{},"parameters":{}},"renewal":null,"values":{}}',X'011c6b65792d357835646873666834776578657374706873747438303270c4d5b6b002ccc185dee5093ed20eb40d86e5f2cbb5f497d0fa4e17f6ee443b1e0520d0c33ba92a5fa5e770e51441f6515c73a0c9d2c1a8',X'011c6b65792d3578356468736668347765786573747068737474383032708d7e708d2e47155d12de5071880b3c5fa8be1f1046c66d1a365a5f6219f53f5f1bf0827803c4afd1de22004bffd829bb826e6a9ca00515d923b868e8e6b29c98d4add407ac8881a4859c8534de98db4ecc4b24c7c954eedefebfb227538176eff72ace9ec2c80d433d046e249cde75bd6ca00038175a17be90bb58b04560303f5ca0626083a3e435d4207c0dc4438a83d82d4147c8a876b4a594b73413213d5003c909422cf3',0,1795949465,NULL,4102444800,1795949465,'carol',NULL);
CREATE TABLE lease (
    name TEXT NOT NULL PRIMARY KEY,
    generation INTEGER NOT NULL,
    holder TEXT NOT NULL,
    deadline INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO lease VALUES('background',0,'p-byw32bbbqedj7g2fth9a2rej',1421993);
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
INSERT INTO lineage VALUES('5695c05791a469af65f7ca3e0325be7c');
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
PRAGMA user_version = 5;
PRAGMA journal_mode = WAL;
