-- Run once as the server's administrator, before the first `portal migrate --roles`: two databases, whose tables belong to
-- portal-owner; the roles that it gives rights to; and a login for each process, which has the rights of its role and no
-- others. On the same machine nobody needs a password: PostgreSQL asks the kernel which user is there (`peer`).

CREATE ROLE portal_citizen NOLOGIN;
CREATE ROLE portal_staff NOLOGIN;
CREATE ROLE portal_worker NOLOGIN;
CREATE ROLE portal_watch NOLOGIN;

CREATE ROLE "portal-owner" LOGIN;
CREATE ROLE "portal-citizen" LOGIN IN ROLE portal_citizen;
CREATE ROLE "portal-staff" LOGIN IN ROLE portal_staff;
CREATE ROLE "portal-worker" LOGIN IN ROLE portal_worker;
CREATE ROLE "portal-watch" LOGIN IN ROLE portal_watch;

CREATE DATABASE portal OWNER "portal-owner" TEMPLATE template0 ENCODING 'UTF8';
CREATE DATABASE portal_staff OWNER "portal-owner" TEMPLATE template0 ENCODING 'UTF8';
