"""Airbyte's standard tests of a connector (airbyte-cdk), of the executable that the variable CONNECTOR names, by acceptance-test-config.yml."""

import os
import subprocess
from pathlib import Path

import yaml
from airbyte_cdk.test import entrypoint_wrapper
from airbyte_cdk.test.standard_tests import SourceTestSuiteBase

ROOT = Path(__file__).parents[3]
CONFIG = ROOT / "acceptance-test-config.yml"
# The older acceptance tests, which need Docker, read them from the same file; these tests refuse what they do not read.
OF_THE_OLDER_TESTS = {"expect_records", "fail_on_extra_columns", "validate_primary_keys_data_type", "validate_stream_statuses"}


class Connector:
    """What the tests want to see in place of a connector that is written in Python; they do nothing but run it."""

    def spec(self, logger):
        raise NotImplementedError


def run_executable(source, args, expecting_exception=None, *, expected_outcome):
    """Takes the place of the one function by which the tests run a connector."""
    ended = subprocess.run([os.environ["CONNECTOR"], *args], capture_output=True, text=True, check=False)
    output = entrypoint_wrapper.EntrypointOutput(messages=ended.stdout.split("\n")[:-1], stderr=ended.stderr)
    assert ended.stderr == "", ended.stderr
    assert ended.returncode == (1 if output.errors else 0), f"{args[0]} ended with {ended.returncode}"
    return output


entrypoint_wrapper._run_command = run_executable


class TestSourceIntercom(SourceTestSuiteBase):
    connector = Connector

    @classmethod
    def get_connector_root_dir(cls):
        return ROOT

    acceptance_test_config = yaml.safe_load(CONFIG.read_text())
    for suite in acceptance_test_config["acceptance_tests"].values():
        for entry in suite.get("tests", []):
            for key in OF_THE_OLDER_TESTS & entry.keys():
                del entry[key]
