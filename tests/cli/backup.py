#!/usr/bin/python3
"""repute backup."""
import os

from cli import main, refused
from running import ME, Running, equal, needs_a_node, publish_worked


def without_a_node_it_says_how_to_start_one():
    needs_a_node("backup x")


def a_backup_is_written_while_the_node_goes_on():
    with Running(operator=ME) as node:
        publish_worked(node)
        path = os.path.join(node.home, "backup")
        equal(node.ok("backup", path), {"path": path, "records": 13})
        assert os.path.getsize(path) > 0
        equal(node.text("backup", path + "2"), f"backup   {path}2\nrecords  13\n")
        equal(node.rows("backup", path + "3"), [["path", path + "3"], ["records", "13"]])


def a_path_is_of_this_directory():
    with Running() as node:
        name = "backup-of-a-test"
        path = os.path.join(os.getcwd(), name)
        try:
            equal(node.ok("backup", name)["path"], path)
        finally:
            if os.path.exists(path):
                os.remove(path)


def what_stands_there_is_not_overwritten():
    with Running() as node:
        path = os.path.join(node.home, "backup")
        node.ok("backup", path)
        error = refused(node.json("backup", path), "TRUST_NO_CONFLICT", 1)
        equal(error["message"], "path: something is there already")


def a_folder_that_is_not_there_is_not_found():
    with Running() as node:
        error = refused(node.json("backup", "/nonexistent/b1"), "TRUST_NO_FOUND", 1)
        equal((error["message"], error["next"]),
              ("path: its folder is not there", "make the folder first"))


main(without_a_node_it_says_how_to_start_one, a_backup_is_written_while_the_node_goes_on,
     a_path_is_of_this_directory, what_stands_there_is_not_overwritten,
     a_folder_that_is_not_there_is_not_found)
