"""A testnet as a story's script has it: started, asked, killed, started again."""
import atexit
import json
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request


class Net:
    """A process of `orrery testnet', and its JSON-RPC.  state: a file, or None."""

    def __init__(self, orrery, state, *options):
        self.command = [orrery, "testnet", "--port", "0", "-q", *options]
        if state is not None:
            self.command += ["--state", state]
        self.log = tempfile.TemporaryFile()
        self.process = None
        atexit.register(self.leave_nothing)

    def leave_nothing(self):
        """Where a story fails half way."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()

    def start(self):
        self.log.seek(0)
        self.log.truncate()
        self.process = subprocess.Popen(self.command, stdout=self.log, stderr=subprocess.STDOUT)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            said = self.said()
            if said.startswith("JSON-RPC") and "\n" in said:
                self.url = said.split()[1]
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.002)
        fail(f"it does not start: {self.said()}")

    def said(self):
        self.log.seek(0)
        return self.log.read().decode()

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        if "violated" in self.said():
            fail(self.said())

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        if self.process.wait(timeout=30) != 0:
            fail(f"a clean stop ends with {self.process.returncode}: {self.said()}")

    def ask(self, *calls):
        """One batch; answers in order."""
        body = json.dumps([{"jsonrpc": "2.0", "id": i, "method": m, "params": p} for i, (m, *p) in enumerate(calls)])
        request = urllib.request.Request(self.url, body.encode(), {"content-type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def one(self, method, *params):
        answer = self.ask((method, *params))[0]
        if "error" in answer:
            fail(f"{method}: {answer['error']}")
        return answer["result"]


def fail(why):
    print(f"not ok - {why}")
    sys.exit(1)
