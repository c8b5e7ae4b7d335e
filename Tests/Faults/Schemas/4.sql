-- key ring: key-kp9ng4hbpqzjwzkq48gr9p6m xPDmCDPsLVM13UMS53b83NHjW6l9ZhMSbLL7DqecZ8Y=
-- key of admin: gk_IONml6EkPB07w-Ijz8r7K_l8FwryjsEgWcUphSWVzdQ
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
INSERT INTO integration VALUES('integration-0qhtcycrdnyafqccc04vvk22','kept','per-user','{"slug":"kept","name":"Mock","type":"custom","category":null,"description":null,"mode":"per-user","authType":"bearer","authUri":null,"tokenUri":null,"revocationUri":null,"apiBaseUri":"http://placeholder.test/keyed","scope":null,"clientId":null,"clientAuthentication":"post","grant":"authorization_code","authorizationParameters":{},"tokenParameters":{},"issuer":null,"issuerRequired":false,"redirect":"common","apiHosts":[],"connectionData":{},"sharedManagers":[],"allowedUsers":null,"revocation":null,"credentialPlacement":null,"headers":{},"forwardHeaders":[],"revokesReplacedTokens":false,"credentialTestPath":null,"limits":{"requestsPerSecond":null,"burst":null,"concurrent":null},"timeouts":{"connect":null,"head":null,"idle":null},"retries":{"attempts":3,"honoursIdempotencyKey":false},"rateLimit":null}',NULL,1,1795582987,1795582987);
INSERT INTO integration VALUES('integration-wh09mpehv0mz4ws76vtg1snp','mock','per-user','{"slug":"mock","name":"Mock","type":"custom","category":null,"description":null,"mode":"per-user","authType":"oauth2","authUri":"http://127.0.0.1:9/authorize","tokenUri":"http://127.0.0.1:9/token","revocationUri":"http://127.0.0.1:9/revoke","apiBaseUri":"http://127.0.0.1:9/api","scope":"files.read files.write","clientId":"grantkeeper-tests","clientAuthentication":"post","grant":"authorization_code","authorizationParameters":{},"tokenParameters":{},"issuer":null,"issuerRequired":false,"redirect":"common","apiHosts":[],"connectionData":{},"sharedManagers":[],"allowedUsers":null,"revocation":null,"credentialPlacement":null,"headers":{},"forwardHeaders":[],"revokesReplacedTokens":false,"credentialTestPath":null,"limits":{"requestsPerSecond":null,"burst":null,"concurrent":null},"timeouts":{"connect":null,"head":null,"idle":null},"retries":{"attempts":3,"honoursIdempotencyKey":false},"rateLimit":null}',X'011c6b65792d6b70396e6734686270717a6a777a6b71343867723970366d18c3721aea48d526152239fa4cc10a0fec40aa669f06e13af10ef211f93f807b60572a7c5ea05bc7b477d3ff5ee0906b57dc7e5481b093',1,1795582987,1795582987);
CREATE TABLE sealingKey (
    id TEXT NOT NULL PRIMARY KEY,
    proof BLOB NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO sealingKey VALUES('key-kp9ng4hbpqzjwzkq48gr9p6m',X'011c6b65792d6b70396e6734686270717a6a777a6b71343867723970366d9a986f279f8356e8d76a07bbc4579fbb7656e626aa343d01b1413fbcaf62a83242121c1699207a');
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
INSERT INTO connection VALUES('conn-1pvg0zd8b4dqs0z55xnfc6d0','integration-0qhtcycrdnyafqccc04vvk22','alice','alice','active',NULL,1795582987,X'011c6b65792d6b70396e6734686270717a6a777a6b71343867723970366d9e9558b676abb7323a840a93a920f8d6bb536a9d55e38e3c89a2bd4252b43f9a805385a3b50050977109c17daa5bd7c9',NULL,NULL,NULL,'{}',1,1795582987,1795582987,1795582987,1795582987,NULL,NULL);
INSERT INTO connection VALUES('conn-jjt9d8jsef3bm9rp767xm8a4','integration-wh09mpehv0mz4ws76vtg1snp','bob','bob','reauthorization_required','invalid_grant',1795582987,X'011c6b65792d6b70396e6734686270717a6a777a6b71343867723970366d7f1e5015c8c001d307f3a9f14c350d29a3f89410b1333bf4c651b9ec9530abbd1efec3fa1cc24e23e9a130ecaf15ccdabc81d492bf1a741226b6c8bfad3562ef405bfb4443bbf6aa9407e26152e143b81d5082e372b99802d863d7be901fa9b12c0e5286851fdff3cfcfc014bed61c626c329d955e4c42a6e9b0a11da0d89b4c0a5fd05ae761f4248d78e91ab763589dd6f84a4266e1cf6dcd77c12ddc42657abfb4c94a640a','files.read files.write',4102444800,NULL,'{}',1,1795582987,1795582987,1795582987,1795582987,NULL,1796156311);
INSERT INTO connection VALUES('conn-txbp3bb8kkp096j2v5f2bdcz','integration-wh09mpehv0mz4ws76vtg1snp','alice','alice','active',NULL,1795582987,X'011c6b65792d6b70396e6734686270717a6a777a6b71343867723970366d3f10f082aa314944d2125251df47ba3714c7b1acdb79c3ff5ca1a917396055180a62b5c62bbb570b9f7c93069c71e79a55c9407531cb15f6023d6344b5bbd0d7936fea3b354f176ee5ed409d1524616457e8dc6d0ecf27411befd5f7e20d1b93d3042fccdcc6aca698caaf17beca92634d265d3e50dc9100300c551d2202ac87f3c65a78cd12324d97f51aabe2f0e0ae61750d65ffbb140cf20cbe4b367eddcb1cb8c9ee1e60','files.read files.write',4102444800,NULL,'{}',1,1795582987,1795582987,1795582987,1795582987,NULL,1796100878);
CREATE TABLE session (
    idHash BLOB NOT NULL PRIMARY KEY,
    userId TEXT NOT NULL,
    isSuperuser INTEGER NOT NULL,
    lastUsedAt INTEGER NOT NULL,
    expiresAt INTEGER NOT NULL,
    createdAt INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO session VALUES(X'120e799768e24e17f84c28480f615ee82efdf79c69e87e386024d60ffa4a5b7d','alice',0,4102444800,4102444800,1795582987);
INSERT INTO session VALUES(X'74974da675b2da88e49d2b7bd425b7528ea7004eb5480765831a659cb2c5d579','dave',0,4102444800,4102444800,1795582988);
INSERT INTO session VALUES(X'8816dd1a3df71bf7884efc4a506395d05f2e1ef0814a7b3ca0056028a809dd8c','carol',0,4102444800,4102444800,1795582988);
INSERT INTO session VALUES(X'c2bb1699256c91d25d5b5054dd8889a36f582af560751487e5d05fbebc5b8a4c','bob',0,4102444800,4102444800,1795582987);
CREATE TABLE sessionTicket (
    ticketHash BLOB NOT NULL PRIMARY KEY,
    -- The session's id, sealed under the ticket itself.
    sealedSession BLOB NOT NULL,
    userId TEXT NOT NULL,
    returnTo TEXT,
    expiresAt INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO sessionTicket VALUES(X'1e6c21f744584f277c8f1c443edb387e36c7b1129357374c14d023b34134fbe7',X'3ad86dc379330cafbc0192fa433fed810e54009e2e2d4de409fed6ae9b0ae428623075135db7dee766012f3013d5c4877093554161c2deee48515cb0efa82601866e1fa4740a8d','carol',NULL,4102444800);
INSERT INTO sessionTicket VALUES(X'245a1ae3218ad33bc1d7de6eb4881d5b3bddb6eb57ed2c02c6496e9011bc6724',X'b905bc08436befeccc9f57719f5a1e63290d80c779012ba7bad93a5a35bcde854f549fdc9168e9ef008644e0b5c179bd7d03d790aad5c2856e5a32ad825cadac8117f64f426ba0','dave',NULL,4102444800);
INSERT INTO sessionTicket VALUES(X'59de9d5f751ff9b738eda093da9a5793711ea928278d36523239bc64989f1838',X'9a82e0439573e6f6319974e4f26ed20e00498694b2f945f15d0d34d6f1536ea0706c54acf3435151d7b03e4b79669026fbc6eaa3af20cc2bb25b99bf3ab7412b9ea1173d578878','bob',NULL,4102444800);
INSERT INTO sessionTicket VALUES(X'fdf4fb77ed839da536707a845c802d9ae304ff7426c6affc9338c6036e85d8b7',X'c1bb6b925ddbb26966746f436478010549062a03b362d753439bf798bba888146d2427bad23145fb9bbfcde4f0330aa42357d7ef27d205650b7cdaf87fc5294889b4d20ddf3c61','alice',NULL,4102444800);
CREATE TABLE apiKey (
    keyHash BLOB NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    userId TEXT NOT NULL,
    isSuperuser INTEGER NOT NULL,
    expiresAt INTEGER,
    createdAt INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO apiKey VALUES(X'b6c760dad87c442c23b6c853ec4843ba5a3b27532846a5082188376c5be39a64','key-3rzhgxhxpmxwjag2vx698s63','','admin',1,NULL,1795582987);
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
INSERT INTO pendingAuthorization VALUES(X'af4de706e8b99d9b5f839cbc6126e8a4934baa9f3862bb453693926f7725e1a8',X'6a35a8f1d28886b277f568b55f4436e523bc78a30be974288a320ab6ff3e9f29',X'120e799768e24e17f84c28480f615ee82efdf79c69e87e386024d60ffa4a5b7d','alice',0,'integration-wh09mpehv0mz4ws76vtg1snp',X'011c6b65792d6b70396e6734686270717a6a777a6b71343867723970366d40b43764a560a13477c396465ba74056506cc39d23300b40f947745373cfe35466a773fded33949a491850383343a0516050da204dac9aa1c9dc19d75e9c7a3eb3370e5230a31c','http://127.0.0.1:9/oauth2/callback',NULL,0,4102444800,'{}');
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
INSERT INTO revocation VALUES('revocation-yp7xkwc4f1p6skdxwgrwa889','integration-wh09mpehv0mz4ws76vtg1snp','{"integration":"mock","url":"http://127.0.0.1:9/revoke","clientId":"grantkeeper-tests","clientAuthentication":"post","shape":{"method":"POST","tokens":["refresh_token","access_token"],"in":"form","name":"token","hint":true,"authentication":"client","headers":{},"parameters":{}},"values":{}}',X'011c6b65792d6b70396e6734686270717a6a777a6b71343867723970366d2c6f6835ec581f35a31aecc8b0363a45d0e39946ad2649ba0604132b698750c1f61842d277fa365f1e196f1e82e688b50be0ad3e97b6ff',X'011c6b65792d6b70396e6734686270717a6a777a6b71343867723970366d2a839b492eb293d2591d993759582c3431beda8db1061737e03106d06dc63842359df5afbcb1ffaff61c4dab9aa922dc57d4465c8e81c7e82d2efe1f95cafec1515779dce207a6134d781bbe0db3bf0270c9daffeac4b1061da21865bc436e8c3f1d3ff853ded745f00f3cfbf550cd990f435e89b93d42763c6d404fec4d3534de332915087a90c9ea770148232e06b4fb0ad76c32fc1916f05eed59f4b8976dfc171c94ec05',0,1795582988,NULL,4102444800,1795582988,'carol',NULL);
CREATE TABLE lease (
    name TEXT NOT NULL PRIMARY KEY,
    generation INTEGER NOT NULL,
    holder TEXT NOT NULL,
    deadline INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO lease VALUES('background',0,'p-hhnc99gsg4z39b7dskan7f3n',5216297);
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
INSERT INTO lineage VALUES('271b44680f8c0868d8d71ecc5f356b22');
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
PRAGMA user_version = 4;
PRAGMA journal_mode = WAL;
