-- Who may do what, made once with the database: `ebb` owns its tables and changes them, `ebb_app`
-- reads and writes rows. Neither is a superuser; the one that is has a password that nobody uses.
\set owner `cat /run/secrets/owner_password`
\set app `cat /run/secrets/app_password`
CREATE ROLE ebb LOGIN PASSWORD :'owner';
CREATE ROLE ebb_app LOGIN PASSWORD :'app';
ALTER DATABASE ebb OWNER TO ebb;
-- Not only in the schema of now: restoring makes another one.
ALTER DEFAULT PRIVILEGES FOR ROLE ebb GRANT USAGE ON SCHEMAS TO ebb_app;
ALTER DEFAULT PRIVILEGES FOR ROLE ebb GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ebb_app;
ALTER DEFAULT PRIVILEGES FOR ROLE ebb GRANT USAGE ON SEQUENCES TO ebb_app;
