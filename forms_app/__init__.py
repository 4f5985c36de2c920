"""The portal's forms, sealing, queue, inbox and worker; `README.md` beside this file tells how it is cut and why."""
