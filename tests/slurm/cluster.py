"""A Slurm of this machine's own: munged, slurmctld and two slurmd on the loopback device, with all
that they write in one folder. It wants neither systemd, control groups, a user called slurm nor a
host name that can be looked up, and leaves no process behind.
"""

import contextlib
import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time

CONF = """\
ClusterName=grove
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
# How long a job that was requeued waits before it starts again is the lifetime of credentials.
AuthInfo=socket={folder}/munge.socket,cred_expire=5
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool.%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SchedulerType=sched/builtin
SchedulerParameters=sched_interval=1,batch_sched_delay=1
SlurmdParameters=config_overrides
ReturnToService=2
KillWait=10
MinJobAge=3600
MailProg=/bin/true
MaxArraySize={max_array_size}
NodeName=n1 NodeAddr=127.0.0.1 NodeHostname={host} Port={ports[1]} CPUs=2 RealMemory=4000
NodeName=n2 NodeAddr=127.0.0.1 NodeHostname={host} Port={ports[2]} CPUs=2 RealMemory=4000
# What is urgent takes the place of what is not, which is cancelled.
PreemptType=preempt/partition_prio
PreemptMode=CANCEL
PartitionName=main Nodes=n1,n2 Default=YES MaxTime=INFINITE State=UP PriorityTier=1
PartitionName=urgent Nodes=n1,n2 MaxTime=INFINITE State=UP PriorityTier=2
"""
# Slurm 22 knows no such plugin, and does without one where nothing asks for control groups.
CGROUP_CONF = "CgroupPlugin=disabled\n"

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
LIBC = ctypes.CDLL(None)


class ClusterError(Exception):
    """The cluster did not start; the message holds the daemons' last lines."""


def free_ports(count):
    """Ports that nobody listens on now."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for s in sockets:
            s.bind(("127.0.0.1", 0))
        return [s.getsockname()[1] for s in sockets]


def children(pid):
    """The processes that `pid` is the parent of."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError, IndexError):
            with open(f"/proc/{name}/stat", encoding="latin-1") as stat:
                if int(stat.read().rpartition(")")[2].split()[1]) == pid:
                    found.append(int(name))
    return found


def descendants(pid):
    below = children(pid)
    return below + [d for child in below for d in descendants(child)]


def program(name):
    """Daemons lie where the path of a user need not lead."""
    path = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if path is None:
        raise ClusterError(f"{name} is missing: on Debian and Ubuntu the packages slurm-wlm and "
                           "munge bring it")
    return path


class Cluster:
    """Runs from `with` to its end, in an existing `folder`. `environment` is that of its users."""

    def __init__(self, folder, max_array_size=1001):
        self.folder = os.path.abspath(folder)
        self.max_array_size = max_array_size
        self.environment = {**os.environ, "SLURM_CONF": f"{self.folder}/slurm.conf"}
        self.daemons = []

    def __enter__(self):
        # Whatever loses its parent becomes a child of this process, which then knows what to end:
        # Slurm's daemons start the jobs in sessions of their own.
        LIBC.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        try:
            self.write_configuration()
            self.start_daemons()
            self.wait_for_nodes(30)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def run(self, *command, check=True):
        """What a user of the cluster gets to see: the output of a command, without its last newline."""
        done = subprocess.run(command, env=self.environment, check=False, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True)
        if check and done.returncode != 0:
            raise ClusterError(f"{' '.join(command)}: exit code {done.returncode}: {done.stderr}")
        return done.stdout.rstrip("\n")

    def write_configuration(self):
        os.mkdir(f"{self.folder}/state", 0o700)
        for node in ("n1", "n2"):
            os.mkdir(f"{self.folder}/spool.{node}", 0o755)
        conf = CONF.format(folder=self.folder, host=os.uname().nodename.split(".")[0],
                           user=pwd.getpwuid(os.getuid()).pw_name, ports=free_ports(3),
                           max_array_size=self.max_array_size)
        files = {"slurm.conf": conf}
        release = subprocess.check_output((program("slurmd"), "-V"), text=True).split()[-1]
        if int(release.split(".")[0]) > 22:
            files["cgroup.conf"] = CGROUP_CONF
        for name, text in files.items():
            with open(f"{self.folder}/{name}", "w", encoding="utf-8") as file:
                file.write(text)
        key = os.open(f"{self.folder}/munge.key", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        os.write(key, os.urandom(128))
        os.close(key)

    def start_daemons(self):
        path = f"{self.folder}/munge"
        self.start(program("munged"), "--foreground", "--origin=127.0.0.1",
                   f"--socket={path}.socket", f"--key-file={path}.key", f"--pid-file={path}.pid",
                   f"--seed-file={path}.seed", f"--log-file={path}.log")
        self.wait_for(lambda: os.path.exists(f"{path}.socket"), 10, "munged")
        self.start(program("slurmctld"), "-D", "-c")
        for node in ("n1", "n2"):
            self.start(program("slurmd"), "-D", "-N", node)

    def start(self, *command):
        # A daemon does not outlive this process, however that ends.
        with open(f"{self.folder}/daemons.log", "ab") as log:
            self.daemons.append(subprocess.Popen(
                command, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
                preexec_fn=lambda: LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)))

    def wait_for_nodes(self, seconds):
        self.wait_for(lambda: self.run("sinfo", "-h", "-p", "main", "-o", "%T %D",
                                       check=False) == "idle 2", seconds, "two idle nodes")

    def wait_for(self, condition, seconds, what):
        """Looks five times a second. Raises ClusterError after so many seconds."""
        end = time.monotonic() + seconds
        while not condition():
            ended = [d for d in self.daemons if d.poll() is not None]
            if ended or time.monotonic() > end:
                why = f"{ended[0].args[0]} has ended" if ended else f"not within {seconds} s"
                raise ClusterError(f"{what}: {why}\n{self.last_lines()}")
            time.sleep(0.2)

    def last_lines(self):
        with open(f"{self.folder}/daemons.log", encoding="utf-8", errors="replace") as log:
            return "".join(log.readlines()[-30:])

    def stop(self):
        """Ends the daemons and every job, first by TERM. What they wrote stays in the folder."""
        for number, seconds in ((signal.SIGTERM, 5), (signal.SIGKILL, 5)):
            for pid in descendants(os.getpid()):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, number)
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                with contextlib.suppress(ChildProcessError):
                    while os.waitpid(-1, os.WNOHANG)[0] != 0:
                        pass
                if not children(os.getpid()):
                    return
                time.sleep(0.1)
